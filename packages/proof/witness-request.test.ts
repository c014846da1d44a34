import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatWitnessRequest, parseWitnessRequest } from './witness-request.ts'

/** The example of C2SP tlog-witness. */
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`

describe('a request to a witness', () => {
  it('is read as its specification has it, and written back the same', () => {
    const request = parseWitnessRequest(EXAMPLE)
    expect(request).toMatchObject({ oldSize: 20_852_014, note: EXAMPLE.slice(EXAMPLE.indexOf('example.com')) })
    expect(request?.proof).toHaveLength(4)
    expect(request && formatWitnessRequest(request)).toBe(EXAMPLE)
  })

  it('comes back from its text, whatever it holds', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))
    const request = fc.record({
      oldSize: fc.maxSafeNat(),
      proof: fc.array(hash, { maxLength: 63 }),
      note: fc.string().filter((text) => !text.startsWith('\n')),
    })
    fc.assert(
      fc.property(request, (given) => {
        expect(parseWitnessRequest(formatWitnessRequest(given))).toEqual(given)
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['no old size', EXAMPLE.slice(EXAMPLE.indexOf('\n') + 1)],
    ['a leading zero', EXAMPLE.replace('old 2', 'old 02')],
    ['a sign', EXAMPLE.replace('old 2', 'old +2')],
    ['a size beyond 2^53', EXAMPLE.replace('20852014', '9007199254740993')],
    ['two spaces', EXAMPLE.replace('old ', 'old  ')],
    ['lines that end in CR LF', EXAMPLE.replaceAll('\n', '\r\n')],
    ['a hash that is cut', EXAMPLE.replace('PlRN', '')],
    ['a hash with stray bits', EXAMPLE.replace('pkaw=', 'pkax=')],
    ['no empty line', EXAMPLE.replaceAll('\n\n', '\n')],
    ['64 hashes', `old 1\n${`${randomBytes(32).toString('base64')}\n`.repeat(64)}\nx\n`],
  ])('is refused with %s', (_, body) => {
    expect(parseWitnessRequest(body)).toBeUndefined()
  })

  it('never makes the reader fail, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constant(EXAMPLE)),
        fc.nat(600),
        fc.string({ maxLength: 3 }),
        (text, at, put) => {
          const altered = text.slice(0, at) + put + text.slice(at + 1)
          const request = parseWitnessRequest(altered)
          if (request) expect(formatWitnessRequest(request)).toBe(altered)
        },
      ),
    )
  })
})

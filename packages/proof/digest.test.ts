import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, digestOf, payloadDigest, sha256Hex } from './digest.ts'

/** RFC 8785, appendix B: IEEE 754 doubles and their text. */
const NUMBERS: Array<[bits: string, text: string]> = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

describe('canonical JSON (RFC 8785)', () => {
  it.each(NUMBERS)('writes the double %s as %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  it('writes the example of section 3.2.2', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    expect(canonical(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  it('sorts names by UTF-16 code units, as in section 3.2.3', () => {
    const values = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    expect(
      Object.values(JSON.parse(canonical(Object.fromEntries(Object.entries(values).filter(([k]) => k !== '1'))))),
    ).toEqual([
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
    expect(canonical(values)).toMatch(/^\{"\\r":"Carriage Return","1":"One",/)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, '\ud800', { a: ['x\udc00'] }, { '\udfff': 1 }])(
    'has no form for %j',
    (value) => expect(() => canonical(value)).toThrow(TypeError),
  )

  it('has no form for a circle', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(() => canonical(circle)).toThrow(TypeError)
  })

  it('is the same for equal values, whatever the order of their names, and can be read back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonical(value)
        expect(canonical(JSON.parse(text))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('digests', () => {
  it('are SHA-256 (FIPS 180-4 example "abc")', () =>
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'))

  it('cover the canonical form', () => expect(digestOf({ b: 1, a: 2 })).toBe(sha256Hex('{"a":2,"b":1}')))

  it('of a payload begin with the salt', () => {
    expect(payloadDigest('616263', '')).toBe(sha256Hex('abc'))
    expect(payloadDigest('61', 'bc')).toBe(sha256Hex('abc'))
    expect(payloadDigest('62', 'bc')).not.toBe(payloadDigest('61', 'bc'))
  })
})

import type { EntryHeader } from '@azora/contracts'
import { headerText } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHeader } from './header.ts'

const HEADER: EntryHeader = {
  shard: 'azora/main',
  index: 7,
  kind: 'run.started',
  tenant: 'default',
  actor: 'user:owner',
  at: '2026-01-01T00:00:00.000Z',
  run: '018f0000-0000-7000-8000-000000000001',
  runIndex: 1,
  transition: { from: 'scheduled', to: 'running' },
  payloadDigest: 'a'.repeat(64),
}
const TEXT = headerText(HEADER)
const read = (text: string | Uint8Array) => readHeader(Buffer.concat([Buffer.from([0]), Buffer.from(text as string)]))

describe('a header', () => {
  it('is read from its canonical form', () => {
    expect(read(TEXT)).toEqual(HEADER)
  })

  it('is not read from any other text', () => {
    fc.assert(
      fc.property(fc.nat({ max: TEXT.length - 1 }), fc.string({ maxLength: 3 }), fc.nat({ max: 3 }), (at, put, cut) => {
        const changed = TEXT.slice(0, at) + put + TEXT.slice(at + cut)
        const found = read(changed)
        // Another header may come out, but never one that another text could also stand for.
        if (typeof found !== 'string') expect(headerText(found)).toBe(changed)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['null', 'another shape'],
    ['[]', 'another shape'],
    ['{', 'not JSON'],
    [TEXT.replace('run.started', 'run.unheard'), 'another shape'],
    [TEXT.replace('"index":7', '"index":7.5'), 'another shape'],
    [TEXT.replace('"index":7', '"index":7,"index":7'), 'not canonical'],
    [TEXT.replace('}', ',"x":1}'), 'not canonical'],
    [TEXT.replace('default', '\\u0064efault'), 'not canonical'],
    [TEXT.replace('"running"', '"walking"'), 'another shape'],
  ])('%s is refused: %s', (text, why) => {
    expect(read(text)).toContain(why)
  })

  it('has to be UTF-8', () => {
    expect(read(Uint8Array.of(0x7b, 0xff, 0x7d))).toContain('UTF-8')
  })
})

import { EntryHeader, EntryKind, RunState } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from './digest.ts'
import { headerText } from './header.ts'

const state = fc.constantFrom(...RunState.options)
const header = fc.record(
  {
    shard: fc.string({ unit: 'grapheme' }),
    index: fc.nat(),
    kind: fc.constantFrom(...EntryKind.options),
    tenant: fc.constantFrom('default', 'a-b'),
    actor: fc.constantFrom('user:owner', 'agent:x@1.0.0'),
    at: fc.constant('2026-01-01T00:00:00.000Z'),
    run: fc.uuid(),
    runIndex: fc.nat(),
    transition: fc.record({ from: state, to: state }, { requiredKeys: ['to'] }),
    payloadDigest: fc.constant('a'.repeat(64)),
  },
  { requiredKeys: ['shard', 'index', 'kind', 'tenant', 'actor', 'at', 'payloadDigest'] },
)

describe('the text of a header', () => {
  it('is its canonical JSON, whatever order its members come in', () => {
    fc.assert(
      fc.property(header, (value) => {
        const parsed = EntryHeader.parse(value)
        const turned = Object.fromEntries(Object.entries(parsed).reverse()) as EntryHeader
        expect(headerText(turned)).toBe(canonical(parsed))
      }),
    )
  })

  it('knows every member that a header may have', () => {
    const known = Object.keys(
      JSON.parse(headerText(Object.fromEntries(Object.keys(EntryHeader.shape).map((name) => [name, 1])) as never)),
    )
    expect(known.sort()).toEqual(Object.keys(EntryHeader.shape).sort())
  })
})

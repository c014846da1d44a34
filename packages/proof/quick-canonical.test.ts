import canonicalizeJson from 'canonicalize'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quickCanonical } from './quick-canonical.ts'

it('writes what the canonicalizer writes, or leaves it to that', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.object({ withNullPrototype: true })), (value) => {
      const quick = quickCanonical(value)
      if (quick !== undefined) expect(quick).toBe(canonicalizeJson(value))
    }),
    { numRuns: 500 },
  )
})

it('writes text of any UTF-16 units as the canonicalizer does, and leaves it what is no Unicode', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 })
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect(quickCanonical(text)).toBe(text.isWellFormed() ? canonicalizeJson(text) : undefined)
    }),
    { numRuns: 5_000 },
  )
})

it('writes ordinary values itself, with members in order of their UTF-16 units', () => {
  const value = {
    b: [1.5, -0, 1e21, 'é\u2028"'],
    a: { ö: null, z: true, '\u20ac': 1, '\ufb33': 2, '\ud83d\ude00': 3 },
    c: undefined,
  }
  expect(quickCanonical(value)).toBe(canonicalizeJson(value))
})

it.each([
  ['names that begin with a digit', { 10: 1, 9: 2 }],
  ['a name that sets a prototype', JSON.parse('{"__proto__": {"a": 1}}')],
  ['text that is no Unicode', { a: '\ud800' }],
  ['a name that is no Unicode', { '\udc00': 1 }],
  ['no number', [Number.NaN]],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nothing', undefined],
  ['nothing in a list', [undefined]],
  ['a function', { a: () => 1 }],
  ['a date', { at: new Date(0) }],
  ['an object of a class', { a: new Map() }],
  ['much depth', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)],
])('leaves %s to the canonicalizer', (_name, value) => {
  expect(quickCanonical(value)).toBeUndefined()
})

it('leaves circles to the canonicalizer', () => {
  const circle: Record<string, unknown> = {}
  circle.own = circle
  expect(quickCanonical(circle)).toBeUndefined()
})

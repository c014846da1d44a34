import type { Difference, Json } from '@azora/contracts'
import { canonical } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffOf } from './diff.ts'

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>

/** The recorded value with every difference put right. */
function applied(value: Json, differences: readonly Difference[]): Json | undefined {
  const document = { root: structuredClone(value) as Json | undefined }
  // From the end, so that what is taken from a list moves nothing that is still to be changed.
  for (const { pointer, now } of differences.toReversed()) {
    const tokens = `/root${pointer}`
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = tokens.pop() ?? ''
    let holder = document as unknown as Record<string, Json>
    for (const token of tokens) holder = holder[token] as unknown as Record<string, Json>
    if (now !== undefined)
      Object.defineProperty(holder, last, { value: now, enumerable: true, configurable: true, writable: true })
    else if (Array.isArray(holder)) holder.splice(Number(last), 1)
    else delete holder[last]
  }
  return document.root
}

describe('the difference of two values', () => {
  it('is none exactly when their canonical JSON is the same', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(diffOf(a, structuredClone(a))).toEqual({ differences: [], more: 0 })
        expect(diffOf(a, b).differences.length === 0).toBe(canonical(a) === canonical(b))
      }),
    )
  })

  it('leads from one to the other', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const { differences, more } = diffOf(a, b)
        fc.pre(more === 0 && !differences.some(({ pointer }) => /\/(__proto__|-?0\d)/.test(pointer)))
        // Elements that one list has beyond the other come in order, so they are added in order and taken from the end.
        const added = differences.filter(({ recorded }) => recorded === undefined)
        const rest = differences.filter(({ recorded }) => recorded !== undefined)
        expect(canonical(applied(a, [...added.toReversed(), ...rest]) ?? null)).toBe(canonical(b))
      }),
    )
  })

  it.each<[Json, Json, Difference[]]>([
    [{ a: 1 }, { a: 2 }, [{ pointer: '/a', recorded: 1, now: 2 }]],
    [{ a: 1, b: 2 }, { b: 2 }, [{ pointer: '/a', recorded: 1 }]],
    [{ steps: [{ id: 'a' }] }, { steps: [{ id: 'a' }, { id: 'b' }] }, [{ pointer: '/steps/1', now: { id: 'b' } }]],
    [{ 'a/b~c': null }, { 'a/b~c': [] }, [{ pointer: '/a~1b~0c', recorded: null, now: [] }]],
    ['x', 1, [{ pointer: '', recorded: 'x', now: 1 }]],
    [[0], [-0], []],
  ])('of %j and %j is %j', (recorded, now, differences) => {
    expect(diffOf(recorded, now)).toEqual({ differences, more: 0 })
  })

  it('keeps the first of many, and counts the others', () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`k${at}`, at]))
    const { differences, more } = diffOf(many, {})
    expect([differences.length, more]).toEqual([50, 20])
  })

  it('shows of long texts the place where they part', () => {
    const long = 'x'.repeat(10_000)
    const [difference] = diffOf(`${long}left${long}`, `${long}right${long}`).differences
    expect(String(difference?.recorded)).toMatch(/^…x{200}leftx+…$/)
    expect(String(difference?.now)).toMatch(/^…x{200}rightx+…$/)
    const [other] = diffOf({ a: { long } }, { a: 1 }).differences
    expect(String(other?.recorded)).toMatch(/^\{"long":"x+…$/)
  })
})

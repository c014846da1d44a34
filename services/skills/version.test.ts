import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from './version.ts'

/** The order of semver.org 2.0.0, section 11, and a few neighbours. */
const ORDERED = [
  '0.0.1',
  '0.9.0',
  '0.10.0',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-alpha-1',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '2.0.0',
  '2.1.0',
  '2.1.1',
]

describe('versions', () => {
  it('are ordered as semver.org says', () => {
    for (const [at, version] of ORDERED.entries())
      for (const [other, text] of ORDERED.entries())
        expect(Math.sign(compareVersions(version, text)), `${version} ${text}`).toBe(Math.sign(at - other))
  })

  it('come to one order from any other', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(ORDERED, { minLength: ORDERED.length }), (shuffled) => {
        expect(shuffled.toSorted(compareVersions)).toEqual(ORDERED)
      }),
    ))
})

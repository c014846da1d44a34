import { describe, expect, it } from 'vitest'
import { factAbout, findFacts } from './detector.ts'

const FACT = { rule: 'found', article: '1', severity: 'LOW', message: 'Found.', remedy: 'None.' } as const

describe('factAbout', () => {
  it('makes no fact about nothing', () => expect(factAbout([], FACT)).toEqual([]))

  it('makes one fact about many things, the same in any order', () => {
    const things = ['g', 'a', 'f', 'b', 'e', 'c', 'd', 'a']
    const expected = [{ ...FACT, evidence: 'a, b, c, d, e and 2 more' }]
    expect(factAbout(things, FACT)).toEqual(expected)
    expect(factAbout(things.toReversed(), FACT)).toEqual(expected)
  })
})

describe('findFacts', () => {
  const finding = { name: 'finding', rules: ['found'], find: (request: string) => factAbout([request], FACT) }

  it('goes on after a detector that throws, and names it', () => {
    const failing = {
      name: 'failing',
      rules: [],
      find: () => {
        throw new RangeError('too deep')
      },
    }
    expect(findFacts([failing, finding], 'x')).toMatchObject([
      {
        rule: 'detector_failed',
        severity: 'CRITICAL',
        message: expect.stringContaining('failing'),
        evidence: 'too deep',
      },
      { rule: 'found', evidence: 'x' },
    ])
  })
})

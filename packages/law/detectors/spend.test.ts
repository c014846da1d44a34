import type { Money } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { subjectFor } from '../testing/requests.ts'
import { spend } from './spend.ts'

const eur = (amount: number): Money => ({ currency: 'EUR', amount })
const NOTHING = { read: [], write: [], hosts: [] }

interface Given {
  asks?: Money[]
  grants?: Money[]
  spent?: Money[]
}

const evidence = ({ asks, grants, spent = [] }: Given): string[] =>
  spend
    .find(
      subjectFor({
        action: { effects: ['spend'], resources: { ...NOTHING, ...(asks ? { spend: asks } : {}) } },
        scope: { ...NOTHING, ...(grants ? { spend: grants } : {}) },
        run: { spent },
      }),
    )
    .map((fact) => fact.evidence ?? '')

describe('money', () => {
  it.each<[string, Given]>([
    ['as much as was granted', { asks: [eur(500)], grants: [eur(500)] }],
    ['what is left of the grant', { asks: [eur(200)], grants: [eur(500)], spent: [eur(100), eur(200)] }],
    ['several amounts within the grant', { asks: [eur(200), eur(300)], grants: [eur(500)] }],
    ['several grants', { asks: [eur(700)], grants: [eur(300), eur(400)] }],
    ['nothing, which needs no grant of more', { asks: [eur(0)], grants: [eur(0)] }],
    [
      'one currency after another was spent',
      {
        asks: [eur(500)],
        grants: [eur(500)],
        spent: [{ currency: 'USD', amount: 900 }],
      },
    ],
  ])('may be spent: %s', (_, given) => expect(evidence(given)).toEqual([]))

  it.each<[string, Given, string]>([
    ['more than granted', { asks: [eur(501)], grants: [eur(500)] }, '501 EUR after 0 EUR, of 500 EUR granted'],
    [
      'more than is left',
      { asks: [eur(201)], grants: [eur(500)], spent: [eur(300)] },
      '201 EUR after 300 EUR, of 500 EUR granted',
    ],
    [
      'more in several amounts',
      { asks: [eur(300), eur(300)], grants: [eur(500)] },
      '600 EUR after 0 EUR, of 500 EUR granted',
    ],
    [
      'another currency',
      { asks: [{ currency: 'JPY', amount: 1 }], grants: [eur(500)] },
      '1 JPY, a currency that is not granted',
    ],
    ['anything without a grant', { asks: [eur(1)] }, '1 EUR, a currency that is not granted'],
    ['an amount that is not named', { grants: [eur(500)] }, 'no amount is named'],
    ['an empty list of amounts', { asks: [], grants: [eur(500)] }, 'no amount is named'],
    [
      'sums beyond what a number holds',
      {
        asks: Array.from({ length: 8 }, () => eur(Number.MAX_SAFE_INTEGER)),
        grants: Array.from({ length: 7 }, () => eur(Number.MAX_SAFE_INTEGER)),
      },
      '72057594037927928 EUR after 0 EUR, of 63050394783186937 EUR granted',
    ],
  ])('may not be spent: %s', (_, given, expected) => expect(evidence(given)).toEqual([expected]))

  it('counts whatever the skill says of its effects', () => {
    const resources = { ...NOTHING, spend: [eur(1)] }
    expect(spend.find(subjectFor({ action: { effects: ['external'], resources } }))).toHaveLength(1)
  })

  it('is no matter for an action that costs nothing', () => {
    expect(spend.find(subjectFor({ action: { effects: ['external'] } }))).toEqual([])
  })
})

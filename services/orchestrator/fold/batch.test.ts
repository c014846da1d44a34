import type { Action, VerificationResult } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { stepOf, verdictOf } from '../testing/entries.ts'
import { batchOf, claimBatch, releaseClaim, useBatch } from './batch.ts'
import { PLAIN_TERMS } from './review-fold.ts'
import type { StepFold } from './step-fold.ts'

const AT = '2026-01-01T00:00:00.000Z'
const SOON = Date.parse(AT) + 1_000
const LATE = Date.parse(AT) + 61 * 60_000

const reason = (rule: string): VerificationResult['reasons'][number] => ({
  article: '17',
  rule,
  severity: 'HIGH',
  message: 'It would.',
})
const { action: base, result: plain } = verdictOf('first', 'review')
const result = { ...plain, reasons: [reason('a'), reason('b')] }
const approved: Action = {
  ...base,
  resources: {
    read: [],
    write: ['/srv/repo'],
    hosts: ['example.org'],
    spend: [{ currency: 'EUR', amount: 100 }],
  },
}

function batchesOf(sizes: number[], quorum = sizes.length) {
  const step = { step: stepOf('first'), action: approved, result } as unknown as StepFold
  const batch = batchOf(
    step,
    {
      reviewId: 'r',
      cause: 'verdict',
      reasons: [],
      actionDigest: 'd',
      requestedAt: AT,
      terms: { ...PLAIN_TERMS, quorum, batchMax: 3 },
      approvals: sizes.map((size, at) => ({ by: `user:${at}`, batch: size })),
    },
    AT,
  )
  return batch ? [batch] : []
}

const like = (change: Partial<Action> = {}): Action => ({ ...approved, stepId: 'next', input: { other: 1 }, ...change })
const claim = (action: Action, asked = result, nowMs = SOON, batches = batchesOf([2])) =>
  claimBatch(batches, action.stepId, action, asked, nowMs)

describe('an approval in bulk', () => {
  it('covers a similar action with other arguments', () => expect(claim(like())).toBe('r'))

  it('covers fewer resources, reasons and money', () => {
    const resources = { read: [], write: ['/srv/repo/a'], hosts: [], spend: [{ currency: 'EUR', amount: 99 }] }
    expect(claim(like({ resources }), { ...result, reasons: [reason('b')] })).toBe('r')
  })

  const { resources } = approved
  it.each([
    ['another skill', like({ skillId: 'file.move' })],
    ['another version', like({ skillVersion: '1.0.1' })],
    ['other code', like({ codeDigest: 'b'.repeat(64) })],
    ['more effects', like({ effects: ['write', 'external'] })],
    ['other effects', like({ effects: ['external'] })],
    ['another host', like({ resources: { ...resources, hosts: ['example.com'] } })],
    ['another folder', like({ resources: { ...resources, write: ['/srv/repository'] } })],
    ['more money', like({ resources: { ...resources, spend: [{ currency: 'EUR', amount: 101 }] } })],
    ['other money', like({ resources: { ...resources, spend: [{ currency: 'USD', amount: 1 }] } })],
  ])('does not cover %s', (_, action) => expect(claim(action)).toBeUndefined())

  it('does not cover a reason that people did not see', () =>
    expect(claim(like(), { ...result, reasons: [reason('a'), reason('c')] })).toBeUndefined())

  it('ends', () => expect(claim(like(), result, LATE)).toBeUndefined())

  it('is used up, counting what is under way', () => {
    const batches = batchesOf([2])
    expect(claim(like({ stepId: 'x' }), result, SOON, batches)).toBe('r')
    expect(claim(like({ stepId: 'x' }), result, SOON, batches)).toBe('r')
    useBatch(batches, 'r', 'x')
    expect(claim(like({ stepId: 'y' }), result, SOON, batches)).toBe('r')
    expect(claim(like({ stepId: 'z' }), result, SOON, batches)).toBeUndefined()
    releaseClaim(batches, 'y')
    expect(claim(like({ stepId: 'z' }), result, SOON, batches)).toBe('r')
    useBatch(batches, 'r', 'z')
    expect(claim(like({ stepId: 'y' }), result, SOON, batches)).toBeUndefined()
  })

  it('is not used by the reviewed step itself', () => {
    const batches = batchesOf([1])
    useBatch(batches, 'r', 'first')
    expect(claim(like(), result, SOON, batches)).toBe('r')
  })

  it('is as large as all who approved agreed on, and as the law lets it be', () => {
    expect(batchesOf([3, 2])[0]?.left).toBe(2)
    expect(batchesOf([9])[0]?.left).toBe(3)
    expect(batchesOf([3, 0])).toEqual([])
  })
})

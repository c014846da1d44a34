import type { Entry } from '@azora/contracts'
import { expect, it } from 'vitest'
import type { ReviewChanges } from '../store/run-change.ts'
import { reviewsAfter } from './changes.ts'

const entry = (kind: string, to?: string, payload: object | null = {}): Entry =>
  ({ header: { index: 7, kind, at: 'then', ...(to && { transition: { to } }) }, payload }) as never
const asked = (reviewId: string, quorum = 1): Entry =>
  entry('review.requested', 'awaiting_review', { reviewId, expiresAt: 'later', terms: { quorum } })
const decided = (reviewId: string, decision: string, to?: string): Entry =>
  entry('review.decided', to, { reviewId, decision })
const after = (...entries: Entry[]): ReviewChanges | undefined =>
  entries.reduce((known: ReviewChanges | undefined, one) => reviewsAfter(known, one), undefined)
const openAfter = (...entries: Entry[]): string[] =>
  (after(...entries)?.asked ?? []).filter(({ open }) => open).map(({ id }) => id)

it('what is asked waits until it is decided or expires', () => {
  expect(after(asked('a'))?.asked).toEqual([
    { id: 'a', index: 7, requestedAt: 'then', expiresAt: 'later', quorum: 1, open: true },
  ])
  expect(openAfter(asked('a'), asked('b'), decided('a', 'deny'))).toEqual(['b'])
  expect(openAfter(asked('a'), asked('b'), decided('a', 'amend'))).toEqual(['b'])
  expect(openAfter(asked('a'), asked('b'), decided('a', 'approve'))).toEqual(['b'])
  expect(openAfter(asked('a'), entry('review.expired', undefined, { reviewId: 'a' }))).toEqual([])
})

it('what needs more people than one waits on after the first', () => {
  expect(openAfter(asked('a', 2), decided('a', 'approve'))).toEqual(['a'])
  expect(openAfter(asked('a', 2), decided('a', 'deny'))).toEqual([])
})

it('of what was asked before it says how it was decided: only the list knows how many people it needs', () => {
  expect(after(decided('a', 'approve'), decided('b', 'deny'))).toEqual({ asked: [], approved: ['a'], settled: ['b'] })
})

it('is asked about also while the run is paused, and until it goes on or ends', () => {
  const paused = entry('run.paused', 'paused')
  expect(openAfter(asked('a'), paused)).toEqual(['a'])
  expect(openAfter(paused, entry('review.requested', undefined, { reviewId: 'a' }))).toEqual(['a'])
  expect(after(asked('a'), paused, entry('run.resumed', 'running'))).toMatchObject({
    asked: [{ id: 'a', open: false }],
    earlier: 'settled',
  })
  expect(after(asked('a'), entry('run.cancelled', 'cancelled'))).toEqual({
    asked: [],
    settled: [],
    approved: [],
    earlier: 'gone',
  })
})

it('nothing else changes what is asked', () => {
  expect(
    after(entry('run.started', 'running'), entry('action.verified'), entry('run.paused', 'paused')),
  ).toBeUndefined()
  const known = after(asked('a'))
  expect(reviewsAfter(known, entry('action.finished'))).toBe(known)
  expect(reviewsAfter(known, entry('review.requested', undefined, null))).toBe(known)
})

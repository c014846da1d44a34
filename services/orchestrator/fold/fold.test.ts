import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOfStep, entryOf, outcomeOf, scheduled, specOf, stepOf, verdictOf } from '../testing/entries.ts'
import { historyFrom } from '../testing/history.ts'
import { applyEntry, foldRun } from './fold.ts'
import type { RunFold } from './run-fold.ts'
import { stateOf } from './step-state.ts'

const history = fc
  .record({ choices: fc.array(fc.nat({ max: 10_000 }), { minLength: 5, maxLength: 60 }), cut: fc.nat() })
  .map(({ choices, cut }) => {
    const entries = historyFrom(choices)
    return { entries, cut: cut % (entries.length + 1) }
  })

describe('folding', () => {
  it('comes to the same whether the entries come at once or one by one', () =>
    fc.assert(
      fc.property(history, ({ entries, cut }) => {
        const fold = foldRun(entries.slice(0, Math.max(1, cut))) as RunFold
        for (const entry of entries.slice(Math.max(1, cut))) applyEntry(fold, entry)
        expect(fold).toEqual(foldRun(entries))
      }),
    ))

  it('is not changed by entries that it has seen', () =>
    fc.assert(
      fc.property(history, ({ entries, cut }) => {
        const fold = foldRun(entries) as RunFold
        for (const entry of entries.slice(0, cut)) applyEntry(fold, entry)
        for (const entry of entries) applyEntry(fold, entry)
        expect(fold).toEqual(foldRun(entries))
      }),
    ))

  it('does not change the entries', () =>
    fc.assert(
      fc.property(history, ({ entries }) => {
        const before = structuredClone(entries)
        foldRun(entries)
        expect(entries).toEqual(before)
      }),
    ))

  it('needs the entry that schedules the run', () => {
    expect(foldRun([])).toBeUndefined()
    expect(foldRun([entryOf(1, 'run.started', {}, { from: 'scheduled', to: 'running' })])).toBeUndefined()
  })
})

describe('a step', () => {
  const plan = { steps: [stepOf('a')] }
  const about = { stepId: 'a', actionDigest: digestOfStep('a') }
  const reviewId = '018f0000-0000-7000-8000-0000000000aa'
  const begin = (): RunFold => foldRun([scheduled(specOf({ plan }))]) as RunFold
  const stateAfter = (...entries: Parameters<typeof applyEntry>[1][]): string => {
    const fold = begin()
    for (const entry of entries) applyEntry(fold, entry)
    return stateOf(fold.steps.get('a') as never)
  }
  const allowed = entryOf(1, 'action.verified', verdictOf('a', 'allow'))
  const started = entryOf(2, 'action.started', { ...about, attempt: 1 })
  const ask = (cause: 'verdict' | 'outcome_unknown') =>
    entryOf(3, 'review.requested', { ...about, reviewId, cause, reasons: [] })
  const decide = (decision: 'approve' | 'deny') => entryOf(4, 'review.decided', { ...about, reviewId, decision })

  it('goes from proposed over allowed and started to its outcome', () => {
    expect(stateAfter()).toBe('proposed')
    expect(stateAfter(allowed)).toBe('allowed')
    expect(stateAfter(allowed, started)).toBe('started')
    expect(stateAfter(allowed, started, entryOf(3, 'action.finished', outcomeOf('a', 'cancelled')))).toBe('cancelled')
  })

  it('is denied by the constitution or by people', () => {
    expect(stateAfter(entryOf(1, 'action.verified', verdictOf('a', 'deny')))).toBe('denied')
    const review = entryOf(1, 'action.verified', verdictOf('a', 'review'))
    expect(stateAfter(review, ask('verdict'))).toBe('awaiting_review')
    expect(stateAfter(review, ask('verdict'), decide('deny'))).toBe('denied')
  })

  it('of unknown outcome fails when people decide against doing it again', () => {
    expect(stateAfter(allowed, started, ask('outcome_unknown'), decide('deny'))).toBe('failed')
    expect(stateAfter(allowed, started, ask('outcome_unknown'), decide('approve'))).toBe('started')
  })

  it('spends an approval with the next verdict', () => {
    const fold = begin()
    const review = entryOf(1, 'action.verified', verdictOf('a', 'review'))
    for (const entry of [review, ask('verdict'), decide('approve')]) applyEntry(fold, entry)
    expect(fold.steps.get('a')?.review?.decision).toBe('approve')
    applyEntry(fold, entryOf(5, 'action.verified', verdictOf('a', 'review')))
    expect(fold.steps.get('a')?.review).toBeUndefined()
  })

  it('ignores a decision of another review', () => {
    const fold = begin()
    for (const entry of [allowed, started, ask('outcome_unknown')]) applyEntry(fold, entry)
    const other = '018f0000-0000-7000-8000-0000000000bb'
    applyEntry(fold, entryOf(4, 'review.decided', { ...about, reviewId: other, decision: 'approve' }))
    expect(fold.steps.get('a')?.review?.decision).toBeUndefined()
  })

  it('keeps the number of its attempts over later verdicts, but is not started any more', () => {
    const fold = begin()
    for (const entry of [allowed, started, entryOf(3, 'action.verified', verdictOf('a', 'allow'))])
      applyEntry(fold, entry)
    expect(fold.steps.get('a')).toMatchObject({ attempts: 1, started: false, verifications: 2 })
  })
})

it('a run that is cancelled says by whom and why, and is cancelled where the reason was erased too', () => {
  const asked = entryOf(1, 'run.cancel_requested', { reason: 'enough' })
  const fold = foldRun([scheduled(specOf({})), asked]) as RunFold
  expect(fold.cancel).toEqual({ by: asked.header.actor, at: asked.header.at, reason: 'enough' })
  const erased = { header: asked.header, payload: null, erasedBy: 9 } as unknown as typeof asked
  expect(foldRun([scheduled(specOf({})), erased])?.cancel).toEqual({ by: asked.header.actor, at: asked.header.at })
})

it('a paused run goes back to where it was', () => {
  const fold = foldRun([
    scheduled(),
    entryOf(1, 'run.started', {}, { from: 'scheduled', to: 'running' }),
    entryOf(2, 'run.paused', {}, { from: 'running', to: 'paused' }),
  ])
  expect(fold).toMatchObject({ state: 'paused', pausedFrom: 'running', startedAt: '2026-01-01T00:00:00.001Z' })
})

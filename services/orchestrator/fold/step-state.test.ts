import { describe, expect, it } from 'vitest'
import { digestOfStep, entryOf, outcomeOf, scheduled, specOf, stepOf, verdictOf } from '../testing/entries.ts'
import { applyEntry, foldRun } from './fold.ts'
import type { RunFold } from './run-fold.ts'
import type { StepFold } from './step-fold.ts'
import { errorOf, hasEnded, observe } from './step-state.ts'

const reviewId = '018f0000-0000-7000-8000-0000000000aa'
const about = { stepId: 'a', actionDigest: digestOfStep('a') }

function stepAfter(...entries: Array<Parameters<typeof applyEntry>[1]>): StepFold {
  const fold = foldRun([scheduled(specOf({ plan: { steps: [stepOf('a')] } }))]) as RunFold
  for (const entry of entries) applyEntry(fold, entry)
  return fold.steps.get('a') as StepFold
}
const allowed = entryOf(1, 'action.verified', verdictOf('a', 'allow'))
const started = entryOf(2, 'action.started', { ...about, attempt: 1 })
const asked = (cause: 'verdict' | 'outcome_unknown') =>
  entryOf(3, 'review.requested', { ...about, reviewId, cause, reasons: [] })
const denied = entryOf(4, 'review.decided', { ...about, reviewId, decision: 'deny' })

describe('what an agent is told', () => {
  it.each([
    ['proposed', []],
    ['allowed', [allowed]],
    ['started', [allowed, started]],
    ['waiting for people', [allowed, asked('verdict')]],
  ])('nothing of a step that is %s', (_, entries) => {
    const step = stepAfter(...entries)
    expect(hasEnded(step)).toBe(false)
    expect(observe(step)).toBeUndefined()
    expect(errorOf(step)).toBeUndefined()
  })

  it.each([
    [
      'its output',
      [entryOf(1, 'action.finished', outcomeOf('a', 'succeeded', { x: 1 }))],
      { state: 'succeeded', output: { x: 1 } },
    ],
    ['an output that is null', [entryOf(1, 'action.finished', outcomeOf('a', 'succeeded', null))], { output: null }],
    ['that it was cancelled', [entryOf(1, 'action.finished', outcomeOf('a', 'cancelled'))], { state: 'cancelled' }],
    [
      'the verdict',
      [entryOf(1, 'action.verified', verdictOf('a', 'deny'))],
      { state: 'denied', error: { code: 'denied' } },
    ],
    [
      'that it is no action',
      [entryOf(1, 'action.invalid', { stepId: 'a', skill: 'x', error: { code: 'skill_not_found', message: 'no' } })],
      { state: 'failed', error: { code: 'skill_not_found', message: 'no' } },
    ],
    ['what people said', [allowed, asked('verdict'), denied], { state: 'denied', error: { code: 'denied_in_review' } }],
    [
      'that nobody knows',
      [allowed, started, asked('outcome_unknown'), denied],
      { state: 'failed', error: { code: 'outcome_unknown' } },
    ],
  ])('%s', (_, entries, told) => {
    expect(observe(stepAfter(...entries))).toMatchObject({ stepId: 'a', skill: 'file.write', ...told })
  })
})

import { AgentRun, ReviewView, RunDetail } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { stateOf } from '../fold/step-state.ts'
import { historyFrom } from '../testing/history.ts'
import { viewDetail, viewReviews, viewRun } from './views.ts'

const BEFORE_EXPIRY = Date.UTC(2026, 0, 1)
const AFTER_EXPIRY = Date.UTC(2026, 0, 2)
const anyFold = fc
  .array(fc.nat({ max: 10_000 }), { minLength: 5, maxLength: 60 })
  .map((choices) => foldRun(historyFrom(choices)) as RunFold)

describe('whatever the log says, the API', () => {
  it('shows a run in the form of its contract', () =>
    fc.assert(
      fc.property(anyFold, (fold) => {
        const detail = viewDetail(fold)
        const { actions, cancel, ...run } = detail
        expect(RunDetail.parse(detail)).toEqual(detail)
        expect(cancel).toEqual(fold.cancel)
        expect(AgentRun.parse(viewRun(fold))).toEqual(run)
        expect(actions.map(({ stepId }) => stepId)).toEqual([...fold.steps.keys()])
      }),
    ))

  it('shows each review that waits for people, and no other', () =>
    fc.assert(
      fc.property(anyFold, (fold) => {
        const views = viewReviews(fold, BEFORE_EXPIRY)
        for (const view of views) expect(ReviewView.parse(view)).toEqual(view)
        const waiting = [...fold.steps.values()].filter((step) => step.action && stateOf(step) === 'awaiting_review')
        const shown = views.map(({ stepId }) => stepId)
        const asks = fold.state === 'awaiting_review' || fold.state === 'paused'
        if (!asks) expect(views).toEqual([])
        else for (const { step } of waiting) expect(shown).toContain(step.id)
        expect(views.every(({ paused }) => paused === (fold.state === 'paused' ? true : undefined))).toBe(true)
        expect(viewReviews(fold, AFTER_EXPIRY).every(({ expiresAt }) => expiresAt === undefined)).toBe(true)
        for (const stepId of shown) expect(fold.steps.get(stepId)?.review?.decision).toBeUndefined()
      }),
    ))
})

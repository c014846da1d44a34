import type { EntryKind } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'
import { takenEntries } from './taken.ts'

/** What only a run that has started does. */
const DONE_BY_RUN = new Set<EntryKind>([
  'agent.recognized',
  'plan.proposed',
  'agent.concluded',
  'action.verified',
  'action.started',
  'action.finished',
  'action.invalid',
  'wait.begun',
  'wait.ended',
])

/** Nothing is on record without what it was decided on: a run does nothing before it starts, and concludes when its steps have ended. */
export function createOrderChecks(): Follower {
  const started = new Set<string>()
  /** By run, the steps that have not ended. */
  const open = new Map<string, Set<string>>()
  /** By review, its step. */
  const reviewed = new Map<string, string>()

  function takeStep(steps: Set<string>, stored: Stored): void {
    const plan = payloadOf(stored, 'plan.proposed')
    if (plan && plan.result?.verdict !== 'deny') for (const { id } of plan.plan.steps) steps.add(id)
    const finished = payloadOf(stored, 'action.finished')
    if (finished && !finished.retry) steps.delete(finished.stepId)
    const ended = payloadOf(stored, 'action.invalid') ?? payloadOf(stored, 'wait.ended')
    if (ended) steps.delete(ended.stepId)
    const verified = payloadOf(stored, 'action.verified')
    if (verified?.result.verdict === 'deny') steps.delete(verified.action.stepId)
    const asked = payloadOf(stored, 'review.requested')
    if (asked) reviewed.set(asked.reviewId, asked.stepId)
    const decided = payloadOf(stored, 'review.decided')
    const denied = decided?.decision === 'deny' ? decided : payloadOf(stored, 'review.expired')
    if (denied) steps.delete(reviewed.get(denied.reviewId) ?? '')
  }

  return {
    take(stored) {
      const { run, kind } = stored.header
      if (run === undefined) return
      const steps = open.get(run) ?? new Set()
      open.set(run, steps)
      const scheduled = payloadOf(stored, 'run.scheduled')
      if (scheduled) {
        if (scheduled.spec.plan?.steps.length === 1) for (const { id } of scheduled.spec.plan.steps) steps.add(id)
        for (const taken of takenEntries(scheduled)) takeStep(steps, taken as Stored)
      }
      if (kind === 'run.started') started.add(run)
      must(started.has(run) || !DONE_BY_RUN.has(kind), 'a run begins before it does anything', `${run} ${kind}`)
      takeStep(steps, stored)
      const concluded = kind === 'agent.concluded'
      must(
        !concluded || steps.size === 0,
        'a run concludes when its steps have ended',
        `${run} ${[...steps].join(' ')}`,
      )
    },
  }
}

import { type EntryKind, type FailedEnd, isTerminal, type Step } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'

interface Course {
  /** Steps as they were proposed. */
  readonly steps: Map<string, Step>
  /** Steps that changed the world, in the order in which that was heard. */
  readonly done: string[]
  /** What undoes them, once that has begun, in its order. */
  undo: string[] | undefined
  /** Of these, what is over. */
  readonly over: Set<string>
  /** Reviews of what didn't undo what it should, by id. */
  readonly asked: Map<string, string>
}

export interface UndoingChecks extends Follower {
  /** True for a run that undoes what it did: no deadline holds for that. */
  isUndoing(run: string): boolean
}

/** What a run doesn't do any more once it undoes what it did. */
const FORWARD = new Set<EntryKind>(['plan.proposed', 'agent.concluded', 'agent.recognized', 'wait.begun', 'wait.ended'])

/** A run that doesn't succeed undoes what it did before it ends: each once, the newest first, one after the other. */
export function createUndoingChecks(): UndoingChecks {
  const courses = new Map<string, Course>()

  function begin(course: Course, stored: Stored): void {
    const begun = payloadOf(stored, 'compensation.begun')
    if (!begun) return
    const { run } = stored.header
    must(course.undo === undefined, 'what was done is undone once', `${run}`)
    const said = begun.steps.map(({ compensates }) => compensates)
    const expected = toUndo(course, begun.end)
    must(
      said.join() === expected.join(),
      'all that was done is undone, the newest first',
      `${run}: ${said}, not ${expected}`,
    )
    course.undo = begun.steps.map(({ step }) => step.id)
  }

  function follow(course: Course, stored: Stored): void {
    const { run, kind } = stored.header
    const verified = payloadOf(stored, 'action.verified')
    if (course.undo && verified?.permission) {
      const at = course.undo.indexOf(verified.action.stepId)
      must(at >= 0, 'a run that undoes does nothing else', `${run} ${verified.action.stepId}`)
      const before = course.undo.slice(0, at)
      must(
        before.every((id) => course.over.has(id)),
        'one is undone after the other',
        `${run} ${verified.action.stepId}`,
      )
    }
    must(!course.undo || !FORWARD.has(kind), 'a run that undoes does nothing else', `${run} ${kind}`)
    const asked = payloadOf(stored, 'review.requested')
    if (asked?.cause === 'compensation') course.asked.set(asked.reviewId, asked.stepId)
    const decided = payloadOf(stored, 'review.decided')
    const left = decided?.decision === 'deny' ? course.asked.get(decided.reviewId) : undefined
    if (left) course.over.add(left)
    const finished = payloadOf(stored, 'action.finished')
    if (finished?.outcome.state !== 'succeeded') return
    if (course.undo?.includes(finished.stepId)) course.over.add(finished.stepId)
    else course.done.push(finished.stepId)
  }

  function end(course: Course, { header: { run, transition } }: Stored): void {
    if (!transition || !isTerminal(transition.to)) return
    const about = `${run} ends as ${transition.to}`
    if (transition.to === 'success') {
      must(!course.undo, 'what undoes does not succeed', about)
      return
    }
    const missing = course.undo
      ? course.undo.filter((id) => !course.over.has(id))
      : toUndo(course, transition.to === 'cancelled' ? 'cancel' : 'fail')
    must(missing.length === 0, 'what was done is undone before the run ends', `${about} without ${missing.join(' ')}`)
  }

  return {
    isUndoing: (run) => courses.get(run)?.undo !== undefined,
    take(stored) {
      const { run } = stored.header
      if (run === undefined) return
      const course = courses.get(run) ?? {
        steps: new Map(),
        done: [],
        undo: undefined,
        over: new Set(),
        asked: new Map(),
      }
      courses.set(run, course)
      const steps =
        payloadOf(stored, 'plan.proposed')?.plan.steps ?? payloadOf(stored, 'run.scheduled')?.spec.plan?.steps
      for (const step of steps ?? []) course.steps.set(step.id, step)
      begin(course, stored)
      follow(course, stored)
      end(course, stored)
    },
  }
}

/** The steps that are to be undone, the newest first. */
function toUndo({ steps, done }: Course, end: FailedEnd): string[] {
  return done.toReversed().filter((id) => {
    const { skill, compensation } = steps.get(id) ?? {}
    return skill !== 'sim.look' && compensation?.on.includes(end) === true
  })
}

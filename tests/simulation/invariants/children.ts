import { isTerminal, type Outcome, RUN_START, type RunState } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, LogRecord, RunRecord } from './log.ts'

export interface ChildChecks extends Follower {
  /** True for a run of which a step goes on when its child ends. */
  waits(record: RunRecord, log: LogRecord): boolean
  /** True for a child whose parent has ended, was cancelled or undoes what it did: it has to end too. */
  isLeft(record: RunRecord, log: LogRecord): boolean
  /** True for a child that goes on while its parent is paused: it has to be paused too. */
  isAwake(record: RunRecord, log: LogRecord): boolean
}

const OUTCOMES: Partial<Record<RunState, Outcome['state']>> = {
  success: 'succeeded',
  fail: 'failed',
  cancelled: 'cancelled',
}

/** Each attempt of a step starts one child at most, and ends as its child has. */
export function createChildChecks(): ChildChecks {
  /** By parent, step and attempt, the child. */
  const children = new Map<string, string>()
  const told = new Map<string, RunState>()
  const starting = new Set<string>()
  const childOf = (run: string, step: string, attempt: number): string | undefined =>
    children.get(`${run} ${step} ${attempt}`)

  function begin({ spec, run }: RunRecord, log: LogRecord): void {
    const { parent, budget } = spec
    if (!parent) return
    const above = log.runs.get(parent.run)
    const name = `${parent.run} ${parent.step} ${parent.attempt}`
    must(!children.has(name), 'an attempt starts one child', `${name}: ${run}`)
    children.set(name, run)
    const step = log.step(parent.run, parent.step)
    must(step?.attempts === parent.attempt, 'a child is on record in its parent before', `${name}: ${run}`)
    must(!told.has(run), 'what is said never to start does not', run)
    must(parent.depth === (above?.spec.parent?.depth ?? 0) + 1, 'depths are counted', run)
    must(budget.actions <= (above?.budget.actions ?? 0), 'a child gets no more than its parent has', run)
  }

  function hear(stored: Stored, parent: string, { runs }: LogRecord): void {
    const ended = payloadOf(stored, 'child.ended')
    if (!ended) return
    const { run, state } = ended
    must(!told.has(run), 'a parent is told once', `${parent} of ${run}`)
    told.set(run, state)
    const child = runs.get(run)
    const isSo = child ? child.state === state && isTerminal(state) : state === 'fail' || state === 'cancelled'
    must(isSo, 'a parent is told how its child ended', `${parent} of ${run}: ${state}, is ${child?.state}`)
  }

  function finish(stored: Stored, run: string, log: LogRecord): void {
    const verified = payloadOf(stored, 'action.verified')
    if (verified?.action.skillId === RUN_START) starting.add(`${run} ${verified.action.stepId}`)
    const finished = payloadOf(stored, 'action.finished')
    if (!finished || finished.retry || !starting.has(`${run} ${finished.stepId}`)) return
    const child = childOf(run, finished.stepId, log.step(run, finished.stepId)?.attempts ?? 0)
    const { state } = finished.outcome
    const expected = child === undefined ? undefined : OUTCOMES[told.get(child) ?? 'running']
    must(
      child === undefined ? state !== 'succeeded' : state === expected,
      'a step ends as its child',
      `${run} ${finished.stepId} ${state}, its child ${child} ${told.get(child ?? '')}`,
    )
  }

  /** A run that was cancelled, or succeeds, has waited for all that it started. */
  function leave({ run, steps, state }: RunRecord, { runs }: LogRecord): void {
    if (state !== 'success' && state !== 'cancelled') return
    for (const [stepId, { attempts }] of steps) {
      const child = runs.get(childOf(run, stepId, attempts) ?? '')
      must(!child || isTerminal(child.state), 'a run ends after its children', `${run} before ${child?.run}`)
    }
  }

  /** What it left may have acted on what is undone. */
  function undo(stored: Stored, { run, steps, undo: undoing }: RunRecord, { runs }: LogRecord): void {
    const verified = payloadOf(stored, 'action.verified')
    if (!verified?.permission || !undoing.has(verified.action.stepId)) return
    for (const [stepId, { attempts }] of steps) {
      const child = undoing.has(stepId) ? undefined : runs.get(childOf(run, stepId, attempts) ?? '')
      must(!child || isTerminal(child.state), 'a run undoes after its children', `${run} before ${child?.run}`)
    }
  }

  return {
    take(stored, log) {
      const { run = '', kind, transition } = stored.header
      const record = log.runs.get(run)
      if (!record) return
      if (kind === 'run.scheduled') begin(record, log)
      hear(stored, run, log)
      finish(stored, run, log)
      undo(stored, record, log)
      if (transition && isTerminal(transition.to)) leave(record, log)
    },
    waits: ({ run, state, steps }, { runs }) =>
      state === 'running' &&
      [...steps].some(([stepId, { finished, attempts }]) => {
        const child = runs.get(childOf(run, stepId, attempts) ?? '')
        return finished === 0 && child !== undefined && !isTerminal(child.state)
      }),
    isAwake({ spec: { parent }, state }, { runs }) {
      const above = parent && runs.get(parent.run)
      return above?.state === 'paused' && state !== 'paused' && !isTerminal(state)
    },
    isLeft({ spec: { parent }, state, cancelledAt, undo: undoing }, { runs }) {
      const above = parent && runs.get(parent.run)
      if (!above || isTerminal(state)) return false
      // People may be needed for what it undoes before it ends.
      if (cancelledAt !== undefined && undoing.size > 0) return false
      const isUndone = above.undo.size > 0 && !above.undo.has(parent.step)
      return isTerminal(above.state) || above.cancelledAt !== undefined || isUndone
    },
  }
}

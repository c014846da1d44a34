import { AzoraError, type Clock, type Log, toAzoraError, uuidv7 } from '@azora/base'
import { type Entry, isTerminal } from '@azora/contracts'
import type { Draft, Journal } from '@azora/journal'
import { createWakes } from '../driving/wakes.ts'
import { type Times, timesOf } from './cron.ts'
import { applyToSchedules, noteStarted, type ScheduleFold, type ScheduleFolds } from './fold.ts'
import { type NextStep, nextStep } from './next.ts'
import { recoverSchedules } from './recovery.ts'
import { SCHEDULER, type StarterDeps, startDue } from './starter.ts'

export interface SchedulerDeps extends Omit<StarterDeps, 'clock'> {
  journal: Pick<Journal, 'append' | 'states' | 'scan' | 'subscribe'>
  clock: Clock
  log: Log
}

/** Lets schedules do what is due, each in turn; what it knows is what the log says. */
export interface Scheduler {
  readonly folds: ScheduleFolds
  timesOf(fold: ScheduleFold): Times
  /** Does what is due now, and then waits for what comes next. Never rejects: what fails is tried again. */
  work(scheduleId: string): Promise<void>
  /** Does a change while nothing else is done about the schedule. Throws `journal_closed` once it stops. */
  inTurn<T>(scheduleId: string, change: () => Promise<T>): Promise<T>
  /** Does nothing more that is due; resolves when the changes that were begun are done, and heard of. */
  stop(): Promise<void>
}

const RETRY_MS = 1_000

export async function openScheduler(deps: SchedulerDeps): Promise<Scheduler> {
  const { journal, clock, log } = deps
  const folds: ScheduleFolds = new Map()
  /** Schedules by their runs that have not ended. */
  const scheduleOf = new Map<string, string>()
  const times = new Map<string, Times>()
  const turns = new Map<string, Promise<unknown>>()
  const wakes = createWakes(clock, (scheduleId) => void work(scheduleId))
  let stopped = false

  const unsubscribe = journal.subscribe((entries) => {
    for (const entry of entries) take(entry)
  })
  await recoverSchedules(journal, folds)
  for (const [scheduleId, { open }] of folds) for (const runId of open.keys()) scheduleOf.set(runId, scheduleId)

  function take(entry: Entry): void {
    const { kind, run, transition } = entry.header
    if (run === undefined) {
      applyToSchedules(folds, entry)
      if (kind === 'schedule.due') {
        const { scheduleId, runId } = (entry as Entry<'schedule.due'>).payload
        scheduleOf.set(runId, scheduleId)
      } else if (kind === 'schedule.refused') scheduleOf.delete((entry as Entry<'schedule.refused'>).payload.runId)
      return
    }
    const scheduleId = scheduleOf.get(run)
    if (scheduleId !== undefined && transition) follow(scheduleId, run, isTerminal(transition.to))
  }

  function follow(scheduleId: string, runId: string, ended: boolean): void {
    const fold = folds.get(scheduleId)
    if (fold) noteStarted(fold, runId)
    if (!ended) return
    scheduleOf.delete(runId)
    fold?.open.delete(runId)
    if (fold && fold.queued.length > 0) void work(scheduleId)
  }

  function timesOfFold({ schedule }: ScheduleFold): Times {
    const known = times.get(schedule.scheduleId) ?? timesOf(schedule, clock.now())
    times.set(schedule.scheduleId, known)
    return known
  }

  function inTurn<T>(scheduleId: string, change: () => Promise<T>): Promise<T> {
    const mine = (turns.get(scheduleId) ?? Promise.resolve()).then(change)
    const settled = mine
      .catch(() => undefined)
      .finally(() => {
        if (turns.get(scheduleId) === settled) turns.delete(scheduleId)
      })
    turns.set(scheduleId, settled)
    return mine
  }

  const work = (scheduleId: string): Promise<void> =>
    inTurn(scheduleId, () => workOff(scheduleId)).catch((thrown) => {
      if (stopped) return
      log.warn({ err: toAzoraError(thrown), scheduleId }, 'a schedule could not do what is due; it is tried again')
      clock.after(RETRY_MS, () => void work(scheduleId))
    })

  async function workOff(scheduleId: string): Promise<void> {
    while (!stopped) {
      const fold = folds.get(scheduleId)
      if (!fold) return forget(scheduleId)
      const due = [...fold.open].find(([, { started }]) => !started)
      if (due) {
        const [runId, { at }] = due
        if (await startDue(deps, fold.schedule, { runId, at })) noteStarted(fold, runId)
        continue
      }
      const step = nextStep(fold, timesOfFold(fold), clock.now())
      if (!step) return waitFor(fold)
      await journal.append(draftOf(fold, step, uuidv7(clock.now())))
    }
  }

  function waitFor(fold: ScheduleFold): void {
    const { scheduleId } = fold.schedule
    const at = fold.state === 'active' ? timesOfFold(fold).after(Math.max(clock.now(), fold.decidedMs)) : undefined
    if (at === undefined) wakes.drop(scheduleId)
    else wakes.put(scheduleId, at)
  }

  function forget(scheduleId: string): void {
    wakes.drop(scheduleId)
    times.delete(scheduleId)
  }

  for (const scheduleId of folds.keys()) void work(scheduleId)
  return {
    folds,
    timesOf: timesOfFold,
    work,
    async inTurn(scheduleId, change) {
      if (stopped) throw new AzoraError('retry', 'journal_closed', 'the server is stopping', { retryAfterMs: 2_000 })
      return inTurn(scheduleId, change)
    },
    async stop() {
      stopped = true
      wakes.stop()
      while (turns.size > 0) await Promise.all(turns.values())
      unsubscribe()
    },
  }
}

/** Of one time of a schedule one decision is kept, whoever makes it. */
function draftOf({ schedule }: ScheduleFold, { kind, ...step }: NextStep, runId: string): Draft {
  const { scheduleId, name, tenant } = schedule
  const about = 'at' in step ? step.at : step.until
  const payload = { scheduleId, name, ...step, ...(kind === 'schedule.due' && { runId }) }
  return { kind, tenant, actor: SCHEDULER, payload, key: `${kind}:${scheduleId}:${about}` } as Draft
}

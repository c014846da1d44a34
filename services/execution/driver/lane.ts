import { availableParallelism } from 'node:os'
import type { Breach } from '@azora/contracts'
import type { Exit } from '../isolation/port.ts'
import { breached, CANCELLED, type Conclusion, parseResult } from '../node/result.ts'
import type { EnginePool } from './engine-pool.ts'
import type { Job } from './port.ts'
import type { Answer, PureProcess } from './pure-process.ts'

/** Actions only compute, so more processes at one time than there are processors would take longer. */
const PROCESSES_MAX = Math.max(2, availableParallelism())
/** In one process: the first is performed, the others are there so that it needn't be woken for each. */
const ACTIONS_MAX = 4
/** To wake another process, with all that it works with, takes longer than to wait for a few actions that take less than this. */
const QUICK_MS = 2
const QUICK_ACTIONS_MAX = 8
/** Until the code is loaded, which is no time of an action. */
const START_MS_MAX = 60_000

/** How an action went: what the engine says of it, or how it was ended. */
export type Told = { answer: Answer } | { conclusion: Conclusion }

/** Actions that the same processes may perform: those of one skill for one tenant. */
export interface Lane {
  /** Rejects only where nothing was run. */
  perform(job: Job, signal: AbortSignal): Promise<Told>
}

interface Task {
  job: Job
  signal: AbortSignal
  settle(told: Told): void
  reject(thrown: unknown): void
}

interface Working {
  pure: PureProcess
  isReady: boolean
  /** In the order in which they are performed. */
  tasks: Task[]
  timer?: NodeJS.Timeout
  /** When the first of them became the first. */
  sinceMs: number
  /** Set when it was told to end, and for whose sake. */
  ending?: { culprit: Task | undefined; why: 'cancel' | Breach | undefined; atMs: number }
}

/**
 * Keeps a few processes busy, each with a few actions at a time. An action's wall time counts from when it is the first of a
 * process that has loaded the code. One that has to be ended takes its process with it; the others of that process begin again in another, as a pure
 * action has no effects. Each such end settles an action, so that none begins again without end.
 *
 * @param onEmpty hears that there are no more actions
 */
export function createLane(pool: EnginePool, onEmpty: () => void): Lane {
  const waiting = new Set<Task>()
  const working = new Set<Working>()

  /** An idle processor is better than a place behind another action, unless that takes next to no time. */
  function placeFor(job: Job): Working | undefined {
    const open = [...working].filter(({ ending }) => !ending)
    const quick = open.find(({ pure, tasks }) => tasks.length < QUICK_ACTIONS_MAX && pure.pace.usualMs() < QUICK_MS)
    if (quick) return quick
    const [least] = open.sort((a, b) => a.tasks.length - b.tasks.length)
    if (least?.tasks.length === 0) return least
    if (working.size >= PROCESSES_MAX) return least && least.tasks.length < ACTIONS_MAX ? least : undefined
    const place: Working = { pure: pool.take(job), isReady: false, tasks: [], sinceMs: 0 }
    working.add(place)
    place.pure.ready.then(() => {
      place.isReady = true
      watch(place)
    })
    return place
  }

  function fill(): void {
    for (const task of waiting) {
      const place = placeFor(task.job)
      if (!place) return
      waiting.delete(task)
      give(place, task)
    }
    if (working.size === 0) onEmpty()
  }

  function give(place: Working, task: Task): void {
    place.tasks.push(task)
    if (place.tasks.length === 1) watch(place)
    place.pure.ask(task.job).then((answer) => hear(place, answer), task.reject)
  }

  /** Gives the first action its time. */
  function watch(place: Working): void {
    clearTimeout(place.timer)
    const [first] = place.tasks
    if (!first || place.ending) return
    const allowed = place.isReady ? first.job.limits.wallMs : START_MS_MAX
    const startedMs = performance.now()
    place.sinceMs = startedMs
    const used = (): number => Math.round(performance.now() - startedMs)
    place.timer = setTimeout(() => end(place, first, { limit: 'wall', allowed, used: used() }), allowed)
  }

  /** Answers come in the order of the actions. */
  function hear(place: Working, answer: Answer | undefined): void {
    if (place.ending) return
    if (!answer) {
      end(place, place.tasks[0], undefined)
      return
    }
    if (place.isReady) place.pure.pace.note(performance.now() - place.sinceMs)
    place.tasks.shift()?.settle({ answer })
    if (answer.spent) end(place, undefined, undefined)
    else goOn(place)
  }

  function goOn(place: Working): void {
    watch(place)
    fill()
    if (place.tasks.length > 0) return
    working.delete(place)
    pool.putAway(place.pure)
    fill()
  }

  function end(place: Working, culprit: Task | undefined, why: 'cancel' | Breach | undefined): void {
    if (place.ending) return
    const ending = { culprit, why, atMs: performance.now() }
    place.ending = ending
    clearTimeout(place.timer)
    place.pure.kill()
    place.pure.exited.then(
      (exit) => gone(place, (task) => task.settle({ conclusion: ended(exit, ending) })),
      (thrown: unknown) => gone(place, (task) => task.reject(thrown)),
    )
  }

  function gone(place: Working, conclude: (culprit: Task) => void): void {
    working.delete(place)
    const behind = [...waiting]
    waiting.clear()
    for (const task of place.tasks) {
      if (task === place.ending?.culprit) conclude(task)
      else if (task.signal.aborted) task.settle(NOT_BEGUN)
      else waiting.add(task)
    }
    for (const task of behind) waiting.add(task)
    fill()
  }

  function cancel(task: Task): void {
    if (waiting.delete(task)) task.settle(NOT_BEGUN)
    for (const place of working) if (place.tasks.includes(task)) end(place, task, 'cancel')
  }

  return {
    perform(job, signal) {
      if (signal.aborted) return Promise.resolve(NOT_BEGUN)
      const { promise, resolve: settle, reject } = Promise.withResolvers<Told>()
      const task: Task = { job, signal, settle, reject }
      const onAbort = (): void => cancel(task)
      signal.addEventListener('abort', onAbort, { once: true })
      waiting.add(task)
      fill()
      return promise.finally(() => signal.removeEventListener('abort', onAbort))
    },
  }
}

const NOT_BEGUN: Told = { conclusion: { ...CANCELLED, ending: { by: 'cancel' } } }

function ended(exit: Exit, { why, atMs }: NonNullable<Working['ending']>): Conclusion {
  const gone = why === undefined ? {} : { goneAfterMs: Math.round(performance.now() - atMs) }
  if (why === 'cancel') return { ...CANCELLED, ending: { by: 'cancel', ...gone } }
  const breach = why ?? exit.breach
  if (breach) return { ...breached(breach), ending: { by: 'limit', breach, ...gone } }
  return { ...parseResult(Buffer.alloc(0), exit), ending: { by: 'itself' } }
}

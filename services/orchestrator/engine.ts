import { toAzoraError } from '@azora/base'
import { type Entry, type EntryKind, isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createDriver, type Driver, type DriverDeps } from './driver.ts'
import { dueMs } from './due.ts'
import { applyEntry, foldRun } from './fold.ts'
import { createReadyQueue } from './ready-queue.ts'
import { createWakes } from './wakes.ts'

export interface EngineDeps extends DriverDeps {
  journal: Pick<Journal, 'append' | 'subscribe' | 'readRun'>
  /** Runs that are driven at one time. */
  concurrency: number
}

/** Carries runs forward: as many at one time as allowed, the more urgent first. */
export interface Engine {
  /** Takes up a run that the log holds. */
  admit(run: string, priority: number): void
  /** Decides nothing more; resolves when what is in flight has ended. */
  stop(): Promise<void>
}

/** Entries after which a run that nobody drives has to be looked at. */
const WAKING = new Set<EntryKind>([
  'run.scheduled',
  'run.resumed',
  'run.signalled',
  'run.cancel_requested',
  'review.decided',
])

export function createEngine(deps: EngineDeps): Engine {
  const ready = createReadyQueue()
  /** Driven runs; while a run is being read, the entries that arrive meanwhile. */
  const active = new Map<string, Driver | Entry[]>()
  const wakes = createWakes(deps.clock, admit)
  let stopped = false

  const unsubscribe = deps.journal.subscribe((entries) => {
    for (const entry of entries) deliver(entry)
  })

  function deliver(entry: Entry): void {
    const { run, kind } = entry.header
    if (!run) return
    const driver = active.get(run)
    if (Array.isArray(driver)) driver.push(entry)
    else if (driver) driver.take(entry)
    else if (WAKING.has(kind)) admit(run, priorityOf(entry))
  }

  function admit(run: string, priority: number): void {
    wakes.drop(run)
    ready.put(run, priority)
    queueMicrotask(fill)
  }

  function fill(): void {
    while (!stopped && active.size < deps.concurrency) {
      const run = ready.take()
      if (run === undefined) return
      if (!active.has(run)) void drive(run)
    }
  }

  async function drive(run: string): Promise<void> {
    const arriving: Entry[] = []
    active.set(run, arriving)
    try {
      const fold = foldRun(await deps.journal.readRun(run))
      if (!fold || stopped) return release(run)
      for (const entry of arriving) applyEntry(fold, entry)
      if (isTerminal(fold.state)) return release(run)
      let driver: Driver
      const onIdle = (nowMs: number): void => {
        if (active.get(run) !== driver) return
        release(run)
        const atMs = dueMs(fold, nowMs)
        if (!isTerminal(fold.state) && Number.isFinite(atMs)) wakes.put(run, atMs, fold.spec.priority)
      }
      driver = createDriver(deps, fold, onIdle)
      active.set(run, driver)
      driver.wake()
    } catch (thrown) {
      deps.log.error({ err: toAzoraError(thrown), run }, 'a run could not be read; it is tried again')
      release(run)
      wakes.put(run, deps.clock.now() + UNREAD_MS, 0)
    }
  }

  function release(run: string): void {
    active.delete(run)
    queueMicrotask(fill)
  }

  return {
    admit,
    async stop() {
      stopped = true
      wakes.stop()
      unsubscribe()
      await Promise.all([...active.values()].map((driver) => (Array.isArray(driver) ? undefined : driver.stop())))
    },
  }
}

const DEFAULT_PRIORITY = 5
const UNREAD_MS = 1_000

function priorityOf(entry: Entry): number {
  return entry.header.kind === 'run.scheduled'
    ? (entry as Entry<'run.scheduled'>).payload.spec.priority
    : DEFAULT_PRIORITY
}

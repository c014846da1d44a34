import { toAzoraError } from '@azora/base'
import { type AdmissionLimits, type Entry, type EntryKind, isErased, isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { canonical } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { createAdmission } from '../admission/admission.ts'
import { type RunTraits, traitsOf } from '../admission/traits.ts'
import { type Children, type ChildrenDeps, createChildren } from '../children/children.ts'
import { decide } from '../deciding/decide.ts'
import { dueMs } from '../deciding/due.ts'
import { createDependents } from '../dependencies/dependents.ts'
import { waitsForRuns } from '../dependencies/standing.ts'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { HeldUp } from '../listing/held-up.ts'
import type { Rest } from '../listing/rests.ts'
import { isAtRest } from './at-rest.ts'
import { createDriver, type Driver, type DriverDeps } from './driver.ts'
import { registryOf } from './run-registry.ts'
import { createWakes } from './wakes.ts'

export interface EngineDeps extends Omit<DriverDeps, 'registry'>, Pick<ChildrenDeps, 'door' | 'mayStart'> {
  journal: ChildrenDeps['journal'] & Pick<Journal, 'readRun'>
  registry: Pick<Registry, 'recorded'> & ChildrenDeps['registry']
  /** Runs that are driven at one time. */
  concurrency: number
  limits: { view(): { limits: AdmissionLimits }; onChange(listener: () => void): void }
  tenants?: TenantsOfRuns | undefined
  /** Called with a run that the next start need not look at. */
  onRest(rest: Rest): void
}

/** Whose runs may start; those of all tenants where it is absent. */
export interface TenantsOfRuns {
  isSuspended(tenant: string): boolean
  /** Calls the listener after each change. */
  onChange(listener: () => void): void
}

/** Carries runs forward: as many at one time as allowed, in the order of {@link createAdmission}. */
export interface Engine {
  /**
   * Lets a run that the log holds wait for its turn to start.
   *
   * @param group keeps apart what doesn't arrive in the order of its times
   */
  queue(run: string, traits: RunTraits, atMs: number, group?: string): void
  /** Looks at a run that has started, or that somebody commands. */
  goOn(run: string, traits?: RunTraits): void
  /** Looks at a run at a time, at the latest. */
  goOnBy(run: string, atMs: number): void
  /** Runs that have started and that wait to be looked at. */
  backlog(): number
  /** Whether something of a run is under way here. */
  isDriven(run: string): boolean
  /** What steps of a run wait for here; undefined for one that isn't driven. */
  heldUp(run: string): HeldUp | undefined
  /** Decides nothing more; resolves when what is in flight has ended. */
  stop(): Promise<void>
}

/** Entries after which a run that nobody drives has to be looked at. */
const WAKING = new Set<EntryKind>([
  'run.scheduled',
  'dependencies.settled',
  'child.ended',
  'run.resumed',
  'run.signalled',
  'run.cancel_requested',
  'review.decided',
])

export function createEngine(deps: EngineDeps): Engine {
  const admission = createAdmission(
    () => deps.limits.view().limits,
    (tenant) => deps.tenants?.isSuspended(tenant) ?? false,
  )
  /** Driven runs; while a run is being read, the entries that arrive meanwhile. */
  const active = new Map<string, Driver | Entry[]>()
  /** What arrived of new runs that may be driven at once: these need not be read. */
  const fresh = new Map<string, Entry[]>()
  const wakes = createWakes(deps.clock, (run) => goOn(run))
  const dependents = createDependents(deps)
  const children: Children = createChildren(deps)
  let stopped = false

  const unsubscribe = deps.journal.subscribe((entries) => {
    for (const entry of entries) deliver(entry)
  })

  function deliver(entry: Entry): void {
    const { run, kind } = entry.header
    if (!run) return
    fresh.get(run)?.push(entry)
    const driver = active.get(run)
    if (Array.isArray(driver)) driver.push(entry)
    else if (driver) driver.take(entry)
    else if (stopped) return
    else if (kind === 'run.scheduled' && !isErased(entry)) queueNew(entry as Entry<'run.scheduled'>)
    else if (WAKING.has(kind)) goOn(run)
  }

  function queueNew(entry: Entry<'run.scheduled'>): void {
    const { spec } = entry.payload
    const { runId, startAt, deadline, after } = spec
    const times = [startAt, deadline].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
    if (times.length > 0) wakes.put(runId, Math.min(...times))
    dependents.watch(spec)
    if (startAt !== undefined || after !== undefined) return
    // As it would be read: what is said of an input may follow the order of its members.
    fresh.set(runId, [{ ...entry, payload: JSON.parse(canonical(entry.payload)) }])
    queue(runId, traitsOf(spec), Date.parse(entry.header.at))
  }

  function queue(run: string, traits: RunTraits, atMs: number, group?: string): void {
    admission.put(run, traits, atMs, group)
    queueMicrotask(fill)
  }

  function goOn(run: string, traits?: RunTraits): void {
    wakes.drop(run)
    admission.goOn(run, traits)
    queueMicrotask(fill)
  }

  function fill(): void {
    while (!stopped && active.size < deps.concurrency) {
      const next = admission.take()
      if (next === undefined) break
      if (!active.has(next.run)) void drive(next.run, next.starts)
    }
    fresh.clear()
  }

  /** @param starts whether it is the run's turn to start */
  async function drive(run: string, starts: boolean): Promise<void> {
    const arriving: Entry[] = []
    active.set(run, arriving)
    wakes.drop(run)
    try {
      const fold = foldRun(fresh.get(run) ?? (await deps.journal.readRun(run)))
      if (!fold || stopped) return release(run)
      for (const entry of arriving) applyEntry(fold, entry)
      if (isTerminal(fold.state)) return release(run)
      const traits = traitsOf(fold.spec)
      if (!starts && isReady(fold, deps.clock.now())) {
        queue(run, traits, deps.clock.now(), 'again')
        return rest(fold, deps.clock.now())
      }
      admission.enter(run, traits)
      children.adopt(fold)
      let driver: Driver
      const onIdle = (nowMs: number): void => {
        if (active.get(run) === driver) rest(fold, nowMs)
      }
      driver = createDriver({ ...deps, registry: registryOf(deps.registry.recorded, fold), children }, fold, onIdle)
      active.set(run, driver)
      driver.wake()
    } catch (thrown) {
      deps.log.error({ err: toAzoraError(thrown), run }, 'a run could not be read; it is tried again')
      release(run)
      // By the time that passes, not at a time: the clock may be set back.
      deps.clock.after(UNREAD_MS, () => goOn(run))
    }
  }

  function rest(fold: RunFold, nowMs: number): void {
    const { runId } = fold.spec
    release(runId)
    if (isTerminal(fold.state)) return
    // After a restart it is found here: nothing but the record says what it waits for.
    if (waitsForRuns(fold)) dependents.watch(fold.spec)
    const atMs = dueMs(fold, nowMs)
    if (Number.isFinite(atMs)) wakes.put(runId, atMs)
    if (isAtRest(fold) && atMs - nowMs > RESTLESS_MS) deps.onRest({ run: runId, index: fold.lastIndex, untilMs: atMs })
  }

  function release(run: string): void {
    active.delete(run)
    admission.leave(run)
    queueMicrotask(fill)
  }

  deps.limits.onChange(fill)
  deps.tenants?.onChange(fill)
  return {
    queue,
    goOn,
    goOnBy: wakes.putBy,
    backlog: admission.goingOn,
    isDriven: (run) => active.has(run),
    heldUp(run) {
      const driver = active.get(run)
      return Array.isArray(driver) ? undefined : driver?.heldUp()
    },
    async stop() {
      stopped = true
      wakes.stop()
      dependents.stop()
      children.stop()
      // What ends meanwhile is judged by all that is on record by then, such as its own beginning.
      await Promise.all([...active.values()].map((driver) => (Array.isArray(driver) ? undefined : driver.stop())))
      unsubscribe()
    },
  }
}

const UNREAD_MS = 1_000
/** A run that rests for less isn't worth a note. */
const RESTLESS_MS = 5_000

/** True when a run waits for nothing but its turn to start. */
const isReady = (fold: RunFold, nowMs: number): boolean =>
  decide(fold, { nowMs, inFlight: new Set(), isRepeatable: () => false }).some((decision) => decision.do === 'start')

import type { AdmissionLimits } from '@azora/contracts'
import { createFairQueue } from './fair-queue.ts'
import { createSlots } from './slots.ts'
import type { RunTraits } from './traits.ts'

/** Which run is carried forward next. Pure: it has no clock, no timer and no journal. */
export interface Admission {
  /** Lets a run wait for its turn to start; see `FairQueue.put`. */
  put(run: string, traits: RunTraits, atMs: number, group?: string): void
  /**
   * Lets a run that has started be looked at soon: it was admitted once, so no limit holds it up.
   *
   * @param traits where they are known, it is counted from when it is taken
   */
  goOn(run: string, traits?: RunTraits): void
  /** @returns the next run, counted as carried forward; undefined when nothing may go */
  take(): { run: string; starts: boolean } | undefined
  /** Counts a run that goes on as carried forward again; one that is counted already stays so. */
  enter(run: string, traits: RunTraits): void
  leave(run: string): void
  /** Runs that have started and that wait to be looked at. */
  goingOn(): number
}

/** So many that go on pass before one that waits to start, so that neither kind waits for ever. */
const IN_A_ROW_MAX = 3

/** @param isHeld whether no run of a tenant may start */
export function createAdmission(
  limits: () => AdmissionLimits,
  isHeld: (tenant: string) => boolean = () => false,
): Admission {
  const slots = createSlots(limits, isHeld)
  const starting = createFairQueue(limits, slots)
  const goingOn = new Map<string, RunTraits | undefined>()
  const carried = new Map<string, RunTraits>()
  let inARow = 0

  function enter(run: string, traits: RunTraits): void {
    if (carried.has(run)) return
    carried.set(run, traits)
    slots.enter(traits)
  }

  function takeGoingOn(): { run: string; starts: false } | undefined {
    for (const [run, traits] of goingOn) {
      goingOn.delete(run)
      if (traits) enter(run, traits)
      inARow += 1
      return { run, starts: false }
    }
    return undefined
  }

  return {
    put: starting.put,
    goOn: (run, traits) => void goingOn.set(run, traits ?? goingOn.get(run)),
    take() {
      const early = inARow < IN_A_ROW_MAX ? takeGoingOn() : undefined
      if (early) return early
      const next = starting.take()
      if (!next) return takeGoingOn()
      inARow = 0
      enter(next.run, next.traits)
      return { run: next.run, starts: true }
    },
    enter,
    leave(run) {
      const traits = carried.get(run)
      if (!traits) return
      carried.delete(run)
      slots.leave(traits)
    },
    goingOn: () => goingOn.size,
  }
}

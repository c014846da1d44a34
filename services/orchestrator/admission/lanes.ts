import { createRunFifo, type RunFifo } from './run-fifo.ts'
import type { RunTraits } from './traits.ts'

/** The waiting runs of one tenant. */
export interface Lanes {
  size(): number
  /** @param group keeps apart what doesn't arrive in the order of its times */
  put(run: string, traits: RunTraits, atMs: number, group: string): void
  /** The lane whose first run goes next. */
  next(agingMs: number, admits: (traits: RunTraits) => boolean): Lane | undefined
  take(lane: Lane): string | undefined
}

/** Runs that differ in nothing but their time. */
export interface Lane {
  readonly traits: RunTraits
  readonly fifo: RunFifo
}

/**
 * Priority with aging: a run of priority p that has waited for w counts as p + w / aging. Which of two runs counts more never
 * changes while both wait, so the order is that of arrival - p × aging: a run of the least priority is overtaken by
 * those that arrive up to 9 × aging after it, and by none after that.
 */
export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  let size = 0
  return {
    size: () => size,
    put(run, traits, atMs, group) {
      const key = keyOf(traits, group)
      let lane = lanes.get(key)
      if (!lane) {
        lane = { traits, fifo: createRunFifo() }
        lanes.set(key, lane)
      }
      lane.fifo.push(run, atMs)
      size += 1
    },
    next(agingMs, admits) {
      let best: Lane | undefined
      let least = Number.POSITIVE_INFINITY
      for (const [key, lane] of lanes) {
        if (lane.fifo.size() === 0) {
          lanes.delete(key)
          continue
        }
        const rank = lane.fifo.headMs() - lane.traits.priority * agingMs
        if (rank >= least || !admits(lane.traits)) continue
        best = lane
        least = rank
      }
      return best
    },
    take(lane) {
      const run = lane.fifo.shift()
      if (run !== undefined) size -= 1
      return run
    },
  }
}

const keyOf = ({ agent, skill, priority }: RunTraits, group: string): string =>
  `${priority} ${agent} ${skill ?? ''} ${group}`

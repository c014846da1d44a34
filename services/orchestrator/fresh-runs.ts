import type { Entry } from '@azora/contracts'

/** All entries of runs that were scheduled just now, so that nobody has to read what this process has just written. */
export interface FreshRuns {
  /** Hears every entry of a run, from its first one on. */
  hear(run: string, entry: Entry): void
  /** All entries of the run, in their order; undefined when they have to be read. It is not fresh any more. */
  take(run: string): Entry[] | undefined
}

const ENTRIES_MAX = 16

/** @param max runs that are remembered; of more that wait, the later ones are read when it is their turn */
export function createFreshRuns(max: number): FreshRuns {
  const runs = new Map<string, Entry[]>()
  return {
    hear(run, entry) {
      const entries = runs.get(run)
      if (!entries) {
        if (entry.header.kind === 'run.scheduled' && runs.size < max) runs.set(run, [entry])
      } else if (entries.length < ENTRIES_MAX) entries.push(entry)
      else runs.delete(run)
    },
    take(run) {
      const entries = runs.get(run)
      runs.delete(run)
      return entries
    },
  }
}

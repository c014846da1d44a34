import type { Changes } from './changes.ts'

/** A run that has started and that nothing moves on but an entry of its own, or a time. */
export interface Rest {
  run: string
  /** Of its last entry when it was looked at. */
  index: number
  /** Milliseconds since 1970; infinite when no time moves it on. */
  untilMs: number
}

/** What entries, and looks at runs, change about which of them are at rest. No run is in both. */
export interface RestChanges {
  resting: readonly Rest[]
  /** Have entries that nobody is known to have looked at since. */
  woken: readonly string[]
}

/** Runs at rest, until the list of runs says so. */
export interface Rests {
  /** To be called with a run that was looked at with all its entries that were told so far. */
  note(rest: Rest): void
  /** What becomes of all runs by these entries, which are told of in their order. */
  after(changes: Pick<Changes, 'to' | 'lastOf'>): RestChanges
  /** These are kept. */
  settle(resting: readonly Rest[]): void
}

/** One that is not kept is looked at once more at the next start. */
const NOTED_MAX = 20_000

export function createRests(): Rests {
  const noted = new Map<string, Rest>()
  return {
    note(rest) {
      if (noted.size < NOTED_MAX || noted.has(rest.run)) noted.set(rest.run, rest)
    },
    after({ to, lastOf }) {
      // For good, whatever becomes of the changes: the next ones say nothing more of these entries.
      for (const [run, { index }] of noted) if ((lastOf.get(run) ?? -1) > index) noted.delete(run)
      const resting = [...noted.values()].filter(({ index }) => index < to)
      return { resting, woken: [...lastOf.keys()].filter((run) => !noted.has(run)) }
    },
    settle(resting) {
      for (const rest of resting) if (noted.get(rest.run) === rest) noted.delete(rest.run)
    },
  }
}

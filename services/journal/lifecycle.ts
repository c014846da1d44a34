import { AzoraError } from '@azora/base'
import { mayFollow } from '@azora/contracts'
import type { Draft } from './draft.ts'
import type { JournalStore, RunPosition } from './store/port.ts'

const CACHED_RUNS_MAX = 20_000

/** Where runs stand in the log, so that no illegal transition enters it and every entry gets its place in its run. */
export interface Lifecycle {
  /**
   * Reads where the runs of these drafts stand, as far as it isn't known. With `trusting`, runs that begin with one of the
   * drafts are taken for new without a look: they are answered, for the store to refuse the batch when one is not.
   */
  load(drafts: readonly Draft[], trusting: boolean): Promise<string[]>
  /**
   * Answers the place that the draft gets in its run; undefined for an entry of no run, and for a run whose first
   * entries have none. Throws `illegal_transition` unless the draft may follow what was accepted before.
   */
  accept(draft: Draft): number | undefined
  /** True when it is time to forget. */
  readonly full: boolean
  /** Forgets everything: the store decides again. */
  reset(): void
}

/** Where a run stands, and the mark of the draft that brought it there. */
type Standing = RunPosition & { mark?: symbol | undefined }

const NEW: Standing = { state: undefined, next: 0 }

export function createLifecycle(store: Pick<JournalStore, 'readPositions'>): Lifecycle {
  const runs = new Map<string, Standing>()
  return {
    async load(drafts, trusting) {
      const unknown = new Set<string>()
      const taken: string[] = []
      for (const { run, transition } of drafts) {
        if (!run || runs.has(run) || unknown.has(run)) continue
        if (!trusting || transition?.to !== 'scheduled' || transition.from !== undefined) unknown.add(run)
        else {
          runs.set(run, NEW)
          taken.push(run)
        }
      }
      if (unknown.size === 0) return taken
      const found = await store.readPositions([...unknown])
      for (const run of unknown) runs.set(run, found.get(run) ?? NEW)
      return taken
    },
    accept({ run, transition, standing, place, mark, behind }) {
      if (!run) {
        if (transition) throw new AzoraError('bug', 'transition_without_run', 'a transition needs a run')
        return undefined
      }
      const { state, next, mark: last } = runs.get(run) ?? NEW
      if (transition) assertLegal(run, state, transition)
      if (standing && !standing.some((wanted) => wanted === state)) throw illegal(run, `it is ${state ?? 'unknown'}`)
      if (place !== undefined && place !== next) throw illegal(run, 'another entry took its place')
      if (behind && !(last === behind.mark && next === behind.at + 1)) throw illegal(run, 'another entry came before')
      runs.set(run, { state: transition?.to ?? state, next: next === undefined ? undefined : next + 1, mark })
      return next
    },
    get full() {
      return runs.size > CACHED_RUNS_MAX
    },
    reset: () => runs.clear(),
  }
}

function assertLegal(run: string, state: RunPosition['state'], { from, to }: NonNullable<Draft['transition']>): void {
  if (state !== from) throw illegal(run, `it is ${state ?? 'unknown'}, not ${from ?? 'new'}`)
  if (from === undefined ? to !== 'scheduled' : !mayFollow(from, to))
    throw illegal(run, `${from ?? 'nothing'} is never followed by ${to}`)
}

const illegal = (run: string, why: string): AzoraError =>
  new AzoraError('conflict', 'illegal_transition', `run ${run} can't change its state so: ${why}`, {
    remedy: 'Look at the run again: it has moved on.',
  })

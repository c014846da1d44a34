import { AzoraError } from '@azora/base'
import { mayFollow, type RunState } from '@azora/contracts'
import type { Draft } from './draft.ts'
import type { JournalStore } from './store/port.ts'

const CACHED_STATES_MAX = 20_000

/** The states of runs as the log has them, so that an illegal transition never enters it. */
export interface Lifecycle {
  /** Reads the states that checking these drafts needs. */
  load(drafts: readonly Draft[]): Promise<void>
  /** Throws `illegal_transition` unless the draft may follow what was accepted before. */
  accept(draft: Draft): void
  /** Forgets everything: the store decides again. */
  reset(): void
}

export function createLifecycle(store: JournalStore): Lifecycle {
  const states = new Map<string, RunState | undefined>()
  return {
    async load(drafts) {
      if (states.size > CACHED_STATES_MAX) states.clear()
      const unknown = new Set<string>()
      for (const { run, transition } of drafts) if (run && transition && !states.has(run)) unknown.add(run)
      if (unknown.size === 0) return
      const found = await store.readStates([...unknown])
      for (const run of unknown) states.set(run, found.get(run))
    },
    accept({ run, transition }) {
      if (!transition) return
      if (!run) throw new AzoraError('bug', 'illegal_transition', 'a transition needs a run')
      const state = states.get(run)
      const { from, to } = transition
      if (state !== from) throw illegal(run, `it is ${state ?? 'unknown'}, not ${from ?? 'new'}`)
      if (from === undefined ? to !== 'scheduled' : !mayFollow(from, to))
        throw illegal(run, `${from ?? 'nothing'} is never followed by ${to}`)
      states.set(run, to)
    },
    reset: () => states.clear(),
  }
}

const illegal = (run: string, why: string): AzoraError =>
  new AzoraError('conflict', 'illegal_transition', `run ${run} can't change its state so: ${why}`, {
    remedy: 'Look at the run again: it has moved on.',
  })

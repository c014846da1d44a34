import { type AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import { type Dependency, type EntryPayload, isTerminal, type RunSpec, type RunState } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { isJournalGone } from '../driving/journal-gone.ts'
import { SYSTEM } from '../driving/moves.ts'
import { settle } from './settle.ts'

/** Runs that start after others: hears how those end, and puts on record what follows. */
export interface Dependents {
  /** Watches what the run starts after, from the record on; nothing when it starts after no other, or is watched. */
  watch(spec: RunSpec): void
  stop(): void
}

export interface DependentsDeps {
  journal: Pick<Journal, 'append' | 'subscribe' | 'states'>
  clock: Clock
  log: Log
}

interface Watched {
  runId: string
  tenant: string
  after: readonly Dependency[]
  ended: Map<string, RunState>
  isSettling: boolean
}

const RETRY_MS = 1_000

export function createDependents({ journal, clock, log }: DependentsDeps): Dependents {
  const watched = new Map<string, Watched>()
  /** Who starts after each run. */
  const byRun = new Map<string, Set<Watched>>()
  let stopped = false

  const unsubscribe = journal.subscribe((entries) => {
    if (watched.size === 0) return
    for (const { header } of entries) {
      const { run, transition } = header
      if (run && transition && isTerminal(transition.to)) hear(run, transition.to)
    }
  })

  function hear(run: string, state: RunState): void {
    forget(watched.get(run))
    for (const one of byRun.get(run) ?? []) {
      one.ended.set(run, state)
      conclude(one)
    }
  }

  function forget(one: Watched | undefined): void {
    if (!one) return
    watched.delete(one.runId)
    for (const { run } of one.after) {
      const all = byRun.get(run)
      all?.delete(one)
      if (all?.size === 0) byRun.delete(run)
    }
  }

  /** Whatever ends while this reads is heard of: it was watched before. */
  async function look(one: Watched): Promise<void> {
    const states = await journal.states(one.after.map(({ run }) => run))
    for (const [run, state] of states) if (isTerminal(state)) one.ended.set(run, state)
    conclude(one)
  }

  function conclude(one: Watched): void {
    if (stopped || one.isSettling || watched.get(one.runId) !== one) return
    const settled = settle(one.after, one.ended)
    if (!settled) return
    one.isSettling = true
    attempt(one, () => record(one, settled))
  }

  async function record(one: Watched, payload: EntryPayload<'dependencies.settled'>): Promise<void> {
    const { runId, tenant } = one
    await journal.append({
      kind: 'dependencies.settled',
      tenant,
      actor: SYSTEM,
      run: runId,
      payload,
      key: `dependencies:${runId}`,
      standing: ['scheduled', 'paused'],
    })
    forget(one)
  }

  /** Tries again until it is done, or can't be: the run has ended, or another server writes the journal. */
  function attempt(one: Watched, work: () => Promise<void>): void {
    work().catch((thrown) => {
      const error: AzoraError = toAzoraError(thrown)
      if (stopped || isJournalGone(error)) return
      if (error.code === 'illegal_transition') return forget(one)
      log.warn({ err: error, run: one.runId }, 'what a run starts after could not be settled; it is tried again')
      clock.after(RETRY_MS, () => attempt(one, work))
    })
  }

  return {
    watch({ runId, tenant, after }) {
      if (!after || stopped || watched.has(runId)) return
      const one = { runId, tenant, after, ended: new Map<string, RunState>(), isSettling: false }
      watched.set(runId, one)
      for (const { run } of after) byRun.set(run, (byRun.get(run) ?? new Set()).add(one))
      attempt(one, () => look(one))
    },
    stop() {
      stopped = true
      unsubscribe()
    },
  }
}

import { type Entry, type EntryKind, isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { applyToSchedules, noteStarted, type ScheduleFolds } from './fold.ts'

const KINDS: readonly EntryKind[] = [
  'schedule.created',
  'schedule.paused',
  'schedule.resumed',
  'schedule.removed',
  'schedule.due',
  'schedule.queued',
  'schedule.skipped',
  'schedule.refused',
  'principal.removed',
]
/** Runs that are looked up together. */
const LOOKED_UP = 5_000

/** Takes up what the log says of schedules, and what has become of their runs. */
export async function recoverSchedules(journal: Pick<Journal, 'scan' | 'states'>, folds: ScheduleFolds): Promise<void> {
  for (let after = -1; ; ) {
    const page = await journal.scan(KINDS, after)
    const last = page.at(-1)
    if (!last) break
    for (const { header, payload } of page) {
      if (payload === null) continue
      applyToSchedules(folds, { header: JSON.parse(header), payload: JSON.parse(payload), salt: '' } as Entry)
    }
    after = last.index
    if (openOf(folds).length > LOOKED_UP) await lookUp(journal, folds)
  }
  await lookUp(journal, folds)
}

/** A run that the log doesn't have was due, and is started yet. */
async function lookUp(journal: Pick<Journal, 'states'>, folds: ScheduleFolds): Promise<void> {
  const states = await journal.states(openOf(folds))
  for (const fold of folds.values())
    for (const runId of [...fold.open.keys()]) {
      const state = states.get(runId)
      if (state !== undefined) noteStarted(fold, runId)
      if (state !== undefined && isTerminal(state)) fold.open.delete(runId)
    }
}

const openOf = (folds: ScheduleFolds): string[] => [...folds.values()].flatMap(({ open }) => [...open.keys()])

import { type Entry, isErased, isTerminal } from '@azora/contracts'
import { erasedSpec } from '../fold/erased.ts'
import { reviewsAfter } from '../reviews/changes.ts'
import type { RunChange } from '../store/run-change.ts'

/** What entries that follow one another change about each run in them. */
export interface Changes {
  /** Index of the first entry. */
  readonly from: number
  /** Index behind the last one. */
  readonly to: number
  /** Index of the last entry of each run that has one. */
  readonly lastOf: ReadonlyMap<string, number>
  /** Adds the entries that begin at `to`. */
  add(entries: readonly Entry[]): void
  list(): RunChange[]
}

export function newChanges(from: number): Changes {
  const changes = new Map<string, RunChange>()
  const lastOf = new Map<string, number>()
  let to = from
  return {
    from,
    get to() {
      return to
    },
    lastOf,
    add(entries) {
      for (const entry of entries) {
        const { run, index } = entry.header
        if (run) lastOf.set(run, index)
        change(changes, entry)
      }
      to += entries.length
    },
    list: () => [...changes.values()],
  }
}

function change(changes: Map<string, RunChange>, entry: Entry): void {
  const { header, payload } = entry
  const { run, transition, kind, at, index } = header
  if (!run) return
  const known: RunChange = changes.get(run) ?? { id: run, tenant: header.tenant, index }
  const reviews = reviewsAfter(known.reviews, entry)
  if (!transition && reviews === known.reviews) return
  known.index = index
  if (reviews) known.reviews = reviews
  changes.set(run, known)
  if (!transition) return
  known.state = transition.to
  if (kind === 'run.scheduled') {
    known.since = index
    known.spec = isErased(entry)
      ? { ...erasedSpec(header), erased: true }
      : (payload as Entry<'run.scheduled'>['payload']).spec
  }
  if (kind === 'run.started') known.startedAt = at
  if (isTerminal(transition.to)) known.finishedAt = at
  if (kind === 'run.failed' && !isErased(entry)) known.error = (payload as Entry<'run.failed'>['payload']).error
}

import { createHash } from 'node:crypto'
import { AzoraError } from '@azora/base'
import {
  DATA_CLASSES,
  type EntryKind,
  type EntryRanges,
  type ErasurePreview,
  isTerminal,
  type RunState,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type Candidate, candidatesOf, type SelectedByPeople } from './candidates.ts'
import { rangesOf } from './ranges.ts'

/** What one erasure may take, so that its entry stays small and nobody waits long. */
const ENTRIES_MAX = 100_000
const RANGES_MAX = 20_000
const RUNS_SHOWN = 100

/** Entries that may be erased now. */
export interface Planned {
  entries: EntryRanges
  count: number
  digest: string
  byKind: Array<{ kind: EntryKind; count: number }>
}

/** @param found in any order, each once */
export function plannedOf(found: ReadonlyArray<Candidate['header']>): Planned {
  const headers = [...found].sort((a, b) => a.index - b.index)
  const hash = createHash('sha256')
  for (const { payloadDigest } of headers) hash.update(`${payloadDigest}\n`)
  return {
    entries: rangesOf(headers.map(({ index }) => index)),
    count: headers.length,
    digest: hash.digest('hex'),
    byKind: countsOf(headers.map(({ kind }) => kind)).map(([kind, count]) => ({ kind, count })),
  }
}

type PlanReader = Pick<Journal, 'within' | 'scan' | 'status' | 'states'>

/**
 * What a selection would erase now. What was named one by one has to be erasable; of a subject's or a run's entries, those
 * that aren't are kept and counted.
 *
 * @throws AzoraError `run_not_found`, `run_not_ended`, `entry_not_found`, `erasure_refused`, `erasure_too_large`
 */
export async function planErasure(
  journal: PlanReader,
  tenant: string,
  selection: SelectedByPeople,
): Promise<ErasurePreview> {
  const chosen: Candidate['header'][] = []
  const kept: EntryKind[] = []
  const open = new Map<string, RunState>()
  let more = false
  let ranges = 0
  for await (const group of candidatesOf(journal, tenant, selection)) {
    const running = await openRuns(journal, group)
    for (const [run, state] of running) open.set(run, state)
    if (selection.by !== 'subject') assertEnded(running)
    const mine = group.filter(({ header }) => !running.has(header.run ?? ''))
    kept.push(...mine.flatMap(({ header }) => ('kept' in DATA_CLASSES[header.kind] ? [header.kind] : [])))
    if (selection.by === 'entries') assertErasable(mine)
    const due = mine.filter(({ header, erased }) => !erased && 'class' in DATA_CLASSES[header.kind])
    ranges += rangesOf(due.map(({ header }) => header.index)).length
    more = chosen.length + due.length > ENTRIES_MAX || ranges > RANGES_MAX
    if (more) break
    chosen.push(...due.map(({ header }) => header))
  }
  if (more && (selection.by !== 'subject' || chosen.length === 0)) throw tooLarge()
  const runs = countsOf(chosen.flatMap(({ run }) => run ?? []))
  return {
    shard: journal.status().shard,
    selection,
    ...plannedOf(chosen),
    runs: runs.slice(0, RUNS_SHOWN).map(([runId, entries]) => ({ runId, entries })),
    runCount: runs.length,
    kept: countsOf(kept).map(([kind, count]) => ({ kind, count, reason: reasonFor(kind) ?? '' })),
    openRuns: [...open].slice(0, RUNS_SHOWN).map(([runId, state]) => ({ runId, state })),
    more,
  }
}

/** The runs of these entries that go on, with their states. One that the log knows no state of doesn't. */
export async function openRuns(
  journal: Pick<Journal, 'states'>,
  entries: ReadonlyArray<Pick<Candidate, 'header'>>,
): Promise<Map<string, RunState>> {
  const runs = [...new Set(entries.flatMap(({ header }) => header.run ?? []))]
  const states = runs.length === 0 ? new Map<string, RunState>() : await journal.states(runs)
  return new Map([...states].filter(([, state]) => !isTerminal(state)))
}

function assertEnded(open: ReadonlyMap<string, RunState>): void {
  for (const [run, state] of open)
    throw new AzoraError(
      'conflict',
      'run_not_ended',
      `run ${run} is ${state}; only a run that has ended can be erased`,
      {
        remedy: `Wait until it has ended, or end it: azora run cancel ${run}`,
      },
    )
}

function assertErasable(entries: readonly Candidate[]): void {
  const details = entries.flatMap(({ header: { index, kind } }) => {
    const reason = reasonFor(kind)
    return reason === undefined ? [] : [{ pointer: `/entries/${index}`, message: `${kind}: ${reason}` }]
  })
  const [first] = details
  if (!first) return
  throw new AzoraError('conflict', 'erasure_refused', `what the system works by is not erased: ${first.message}`, {
    details: details.slice(0, 100),
    remedy: 'Leave these entries out; docs/guides/erase-and-retain.md lists the kinds that are kept.',
  })
}

const reasonFor = (kind: EntryKind): string | undefined => {
  const erasability = DATA_CLASSES[kind]
  return 'kept' in erasability ? erasability.kept : undefined
}

const tooLarge = (): AzoraError =>
  new AzoraError('fix', 'erasure_too_large', `one erasure takes up to ${ENTRIES_MAX} entries in ${RANGES_MAX} ranges`, {
    remedy: 'Erase in parts.',
  })

/** How often each occurs, in the order of the first time. */
function countsOf<T>(values: readonly T[]): Array<[T, number]> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
}

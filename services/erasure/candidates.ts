import { AzoraError } from '@azora/base'
import type { EntryHeader, EntryRanges, ErasureSelection } from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'
import { rowsIn } from './rows.ts'

/** An entry that a selection is about. */
export interface Candidate {
  header: EntryHeader
  erased: boolean
}

export type SelectedByPeople = Exclude<ErasureSelection, { by: 'retention' }>
type Reader = Pick<Journal, 'within' | 'scan' | 'status'>

/** Runs that one selection may lead to. */
const RUNS_MAX = 100_000

/**
 * The entries that a selection is about, whether or not they may be erased; in groups that belong together.
 *
 * @throws AzoraError `run_not_found`, `entry_not_found`, `erasure_too_large`
 */
export async function* candidatesOf(
  journal: Reader,
  tenant: string,
  selection: SelectedByPeople,
): AsyncGenerator<Candidate[]> {
  if (selection.by === 'entries') return yield* entriesIn(journal, tenant, selection.entries)
  if (selection.by === 'subject') {
    for (const run of await runsAbout(journal, tenant, selection.subject)) yield entriesOf(journal, tenant, run)
    return
  }
  const entries = await entriesOf(journal, tenant, selection.runId)
  if (entries[0]?.header.tenant === tenant) yield entries
  else
    throw new AzoraError('missing', 'run_not_found', `there is no run ${selection.runId}`, {
      remedy: 'List the runs: azora run list',
    })
}

const entriesOf = async (journal: Reader, tenant: string, run: string): Promise<Candidate[]> =>
  (await journal.within(tenant).records(run)).map(({ header, payload }) => ({ header, erased: payload === undefined }))

async function* entriesIn(journal: Reader, tenant: string, ranges: EntryRanges): AsyncGenerator<Candidate[]> {
  const last = ranges.at(-1)?.[1] ?? 0
  if (last >= journal.status().size) throw noEntry(last)
  for await (const rows of rowsIn(journal, ranges)) {
    const group = rows.map(candidateOf)
    const foreign = group.find(({ header }) => header.tenant !== tenant)
    if (foreign) throw noEntry(foreign.header.index)
    yield group
  }
}

const noEntry = (index: number): AzoraError =>
  new AzoraError('missing', 'entry_not_found', `there is no entry ${index}`, {
    remedy: "See the indexes of a run's entries: GET /api/v1/runs/{id}/entries",
  })

export const candidateOf = ({ header, payload }: ScannedEntry): Candidate => ({
  header: JSON.parse(header),
  erased: payload === null,
})

/**
 * Runs that a principal owns, took part in or is named in. A payload is canonical JSON, and no character of a principal's
 * id is written in two ways there, so the quoted id is in the text exactly when it is a value or a name in the payload.
 */
async function runsAbout(journal: Reader, tenant: string, subject: string): Promise<Set<string>> {
  const runs = new Set<string>()
  const quoted = `"${subject}"`
  const [ofTenant, byActor] = [`"tenant":"${tenant}"`, `"actor":${quoted}`]
  for await (const { run, header, payload } of journal.within(tenant).scan('all')) {
    if (run === null || runs.has(run) || !header.includes(ofTenant)) continue
    if (header.includes(byActor) || payload?.includes(quoted)) runs.add(run)
    if (runs.size > RUNS_MAX)
      throw new AzoraError('fix', 'erasure_too_large', `${subject} is in more than ${RUNS_MAX} runs`, {
        remedy: 'Erase by runs, or let a retention rule erase what is old first.',
      })
  }
  return runs
}

import type { EntryRecord, ProvenEntry } from '@azora/contracts'
import { isSignedBy } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import type { People } from '../people.ts'
import { isTold, readEntry, type Told } from '../story.ts'

export interface ErasureFindings {
  /** What has to hold, with what was erased under which rule. */
  what: string
  flaws: Flaw[]
}

type Erasure = Told<'erasure.requested'>

/** A payload that is missing was erased on record, by a person who signed for it or by a rule of retention. */
export function checkErasures(
  records: readonly EntryRecord[],
  erasures: readonly ProvenEntry[],
  people: People,
): ErasureFindings {
  const known = new Map<number, Erasure>()
  const flaws = erasures.map(({ entry: record }): Flaw => {
    const { entry } = readEntry(record)
    if (!isTold(entry, 'erasure.requested')) return `entry ${record.header.index} erases nothing`
    if (known.has(entry.header.index)) return `the erasure of entry ${entry.header.index} is there twice`
    known.set(entry.header.index, entry)
    return flawInErasure(entry, people)
  })
  const erased = new Map<Erasure, number[]>()
  for (const record of records) {
    const { index } = record.header
    if (record.payload !== undefined) {
      if (record.erasedBy !== undefined) flaws.push(`entry ${index} says that it was erased, but its payload is there`)
      continue
    }
    const erasure = known.get(record.erasedBy ?? -1)
    if (!erasure || !covers(erasure, record))
      flaws.push(`the payload of entry ${index} is missing, and nothing on record erased it`)
    else erased.set(erasure, [...(erased.get(erasure) ?? []), index])
  }
  for (const [index, erasure] of known)
    if (!erased.has(erasure)) flaws.push(`entry ${index} erased nothing of this run`)
  const told = [...erased].map(([erasure, indexes]) => describe(erasure, indexes))
  return { what: ['every payload is there', ...told].join(', but '), flaws }
}

const covers = ({ header, payload: { statement } }: Erasure, record: EntryRecord): boolean =>
  record.header.index < header.index &&
  statement.shard === record.header.shard &&
  statement.entries.some(([first, last]) => first <= record.header.index && record.header.index <= last)

function flawInErasure({ header, payload: { statement, signature, key } }: Erasure, people: People): Flaw {
  const { index, actor } = header
  if (statement.by !== actor) return `the erasure of entry ${index} is by ${actor}, but signed as ${statement.by}`
  if (signature === undefined || key === undefined)
    return statement.selection.by === 'retention' && actor === 'system:retention'
      ? undefined
      : `nobody signed the erasure of entry ${index}`
  return isSignedBy({ statement, signature, key }, people.keysAt(header))
    ? undefined
    : `the signature of ${actor} below the erasure of entry ${index} does not verify with a key on record`
}

const SHOWN = 12

function describe({ header, payload: { statement } }: Erasure, indexes: readonly number[]): string {
  const more = indexes.length > SHOWN ? ` and ${indexes.length - SHOWN} more` : ''
  const which = indexes.slice(0, SHOWN).join(', ')
  return `${indexes.length} were erased by entry ${header.index} under ${statement.rule} (of entries ${which}${more})`
}

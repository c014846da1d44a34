import type { EntryHeader } from '@azora/contracts'
import type { Journal } from '@azora/journal'

const KINDS = ['principal.added', 'principal.key_added', 'principal.removed'] as const

/** What the log says about these people of a tenant: where they were added and removed. Ids are each tenant's own. */
export async function principalsIn(
  journal: Pick<Journal, 'within'>,
  tenant: string,
  people: ReadonlySet<string>,
): Promise<number[]> {
  const indexes: number[] = []
  if (people.size === 0) return indexes
  for await (const { index, header, payload } of journal.within(tenant).scan(KINDS)) {
    if ((JSON.parse(header) as EntryHeader).tenant !== tenant) continue
    const { principal } = JSON.parse(payload ?? '{}') as { principal?: string }
    if (principal !== undefined && people.has(principal)) indexes.push(index)
  }
  return indexes
}

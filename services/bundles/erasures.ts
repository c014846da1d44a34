import { ENTRY_PAYLOADS } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { entriesOf } from './pages.ts'

/** The entries by which payloads were erased, and the people who signed for it. */
export async function erasuresOf(
  journal: Pick<Journal, 'scan'>,
  wanted: ReadonlySet<number>,
): Promise<{ erasures: number[]; people: Set<string> }> {
  const people = new Set<string>()
  if (wanted.size === 0) return { erasures: [], people }
  for await (const { index, payload } of entriesOf(journal, ['erasure.requested'])) {
    if (!wanted.has(index)) continue
    const { data } = ENTRY_PAYLOADS['erasure.requested'].safeParse(JSON.parse(payload ?? 'null'))
    if (data) people.add(data.statement.by)
  }
  return { erasures: [...wanted].sort((a, b) => a - b), people }
}

import type { Journal } from '@azora/journal'
import { entriesOf } from './pages.ts'

/** What the log says about these people: where they were added and removed. */
export async function principalsIn(journal: Pick<Journal, 'scan'>, people: ReadonlySet<string>): Promise<number[]> {
  const indexes: number[] = []
  if (people.size === 0) return indexes
  for await (const { index, payload } of entriesOf(journal, ['principal.added', 'principal.removed'])) {
    const { principal } = JSON.parse(payload ?? '{}') as { principal?: string }
    if (principal !== undefined && people.has(principal)) indexes.push(index)
  }
  return indexes
}

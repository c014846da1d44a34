import { ENTRY_PAYLOADS, type Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { entriesOf } from './pages.ts'

/** By the digest of each law that was in force between a run's first and last entry, the entries that put it in force. */
export async function activationsDuring(
  journal: Pick<Journal, 'scan'>,
  entries: readonly Entry[],
): Promise<Map<string, number[]>> {
  const [first, last] = [entries[0]?.header.index ?? 0, entries.at(-1)?.header.index ?? 0]
  const found: Array<{ index: number; digest: string }> = []
  for await (const { index, payload } of entriesOf(journal, ['constitution.activated'])) {
    if (index > last) break
    // What was activated before the run, and replaced before it, judged nothing of it.
    if (index < first) found.length = 0
    const parsed = ENTRY_PAYLOADS['constitution.activated'].safeParse(JSON.parse(payload ?? 'null'))
    if (parsed.success) found.push({ index, digest: parsed.data.constitution })
  }
  const laws = new Map<string, number[]>()
  for (const { index, digest } of found) laws.set(digest, [...(laws.get(digest) ?? []), index])
  return laws
}

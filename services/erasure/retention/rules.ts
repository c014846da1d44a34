import { type DataClass, ENTRY_PAYLOADS, type Entry, type EntryHeader, type RetentionView } from '@azora/contracts'
import type { Journal } from '@azora/journal'

const KINDS = ['retention.set', 'retention.removed'] as const
type RuleEntry = Entry<(typeof KINDS)[number]>

/** The retention rules that hold, as the journal has them. */
export interface Rules {
  of(tenant: string): RetentionView[]
  tenants(): string[]
  close(): void
}

export async function readRules(journal: Pick<Journal, 'scan' | 'subscribe'>): Promise<Rules> {
  const byTenant = new Map<string, Map<DataClass, RetentionView>>()
  const seen = new Set<number>()

  function apply({ tenant, at, index }: EntryHeader, { statement }: RuleEntry['payload']): void {
    if (seen.has(index)) return
    seen.add(index)
    const rules = byTenant.get(tenant) ?? new Map<DataClass, RetentionView>()
    byTenant.set(tenant, rules)
    const { class: name, days, rule, by } = statement
    if (days === null) rules.delete(name)
    else rules.set(name, { class: name, days, rule, by, since: at })
  }

  // From before the log is read, so that none is missed between the two.
  const arriving: RuleEntry[] = []
  let live = (entry: RuleEntry): void => void arriving.push(entry)
  const close = journal.subscribe((entries) => {
    for (const entry of entries) if (isRule(entry)) live(entry)
  })
  for (let after = -1; ; ) {
    const page = await journal.scan(KINDS, after)
    for (const { index, header, payload } of page) {
      after = index
      apply(JSON.parse(header), ENTRY_PAYLOADS['retention.set'].parse(JSON.parse(payload ?? 'null')))
    }
    if (page.length === 0) break
  }
  live = ({ header, payload }) => apply(header, payload)
  for (const entry of arriving) live(entry)
  return {
    of: (tenant) => [...(byTenant.get(tenant)?.values() ?? [])].sort((a, b) => (a.class < b.class ? -1 : 1)),
    tenants: () => [...byTenant.keys()],
    close,
  }
}

const isRule = (entry: Entry): entry is RuleEntry & Entry => (KINDS as readonly string[]).includes(entry.header.kind)

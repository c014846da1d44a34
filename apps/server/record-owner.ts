import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'

const OWNER = 'user:owner'
const ROLES = ['owner']

/** Puts the owner's keys on record, unless the last entry about the owner has them: evidence needs to know who signed. */
export async function recordOwner(
  journal: Pick<Journal, 'append' | 'scan'>,
  { tenant, keys }: { tenant: string; keys: string[] },
): Promise<void> {
  const payload = { principal: OWNER, roles: ROLES, keys }
  let last: string | undefined
  let after = -1
  for (;;) {
    const page = await journal.scan(['principal.added'], after)
    for (const { payload: text, index } of page) {
      after = index
      const found: { principal?: string } | null = JSON.parse(text ?? 'null')
      if (found?.principal === OWNER) last = digestOf(found)
    }
    if (page.length === 0) break
  }
  if (last !== digestOf(payload))
    await journal.append({ kind: 'principal.added', tenant, actor: 'system:server', payload })
}

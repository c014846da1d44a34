import type { Entry, EntryPayload } from '@azora/contracts'
import type { Caller, Principal } from '@azora/identity'
import type { Journal } from '@azora/journal'

/** Who a stream is for. */
export interface StreamReader {
  id: string
  tenant: string
  /** What let them in ends by itself then, in milliseconds since 1970; never when absent. */
  untilMs?: number | undefined
}

/** What a timer can wait for, more than three weeks. A stream that lasts longer is taken up again by its reader. */
const TIMER_MS_MAX = 2_147_483_647

/** The reader that somebody is, for as long as what they came in with holds. */
export const readerOf = (of: { principal: Principal; caller: Caller | undefined }): StreamReader => ({
  id: of.principal.id,
  tenant: of.principal.tenant,
  untilMs: of.caller?.untilMs,
})

/** Calls back once, when what let the reader in ends: on record, or by its time. Answers how to watch no longer. */
export function watchAccess(journal: Pick<Journal, 'subscribe'>, reader: StreamReader, onEnd: () => void): () => void {
  const end = (): void => {
    stop()
    onEnd()
  }
  const unsubscribe = journal.subscribe((entries) => {
    if (endsAccess(entries, reader)) end()
  })
  const leftMs = reader.untilMs === undefined ? TIMER_MS_MAX : reader.untilMs - Date.now()
  const timer = setTimeout(end, Math.min(Math.max(leftMs, 0), TIMER_MS_MAX))
  const stop = (): void => {
    clearTimeout(timer)
    unsubscribe()
  }
  return stop
}

/**
 * True when entries say that the reader was removed, signed out or given other roles, a key of theirs ended, or their tenant
 * was suspended: their streams end as what let them in does.
 */
const endsAccess = (entries: readonly Entry[], { id, tenant }: StreamReader): boolean =>
  entries.some(({ header, payload }) => {
    if (header.kind === 'tenant.suspended')
      return (payload as EntryPayload<'tenant.suspended'> | undefined)?.tenant === tenant
    return (
      ENDS_ACCESS.has(header.kind) &&
      header.tenant === tenant &&
      (payload as EntryPayload<EndsAccess> | undefined)?.principal === id
    )
  })

type EndsAccess = 'principal.removed' | 'principal.changed' | 'session.ended' | 'key.revoked' | 'key.rotated'

/** Somebody who may still see it takes a stream up again after the last entry that they saw. */
const ENDS_ACCESS: ReadonlySet<string> = new Set<EndsAccess>([
  'principal.removed',
  'principal.changed',
  'session.ended',
  'key.revoked',
  'key.rotated',
])

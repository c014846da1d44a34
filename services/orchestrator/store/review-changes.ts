import type { RunChange } from './run-change.ts'

type Changed = Pick<RunChange, 'id' | 'tenant' | 'reviews'> & { agentId?: string | undefined }

/** A run that began in the same batch isn't in the table yet: its agent comes with the review. */
export const INSERT_ASKED = (asked: string): string => `
  insert into orchestrator.review (id, run, tenant, agent_id, index, requested_at, expires_at, quorum, open)
  select a.id, a.run, a.tenant, coalesce(a."agentId", r.agent_id), a.index, a."requestedAt", a."expiresAt", a.quorum, a.open
  from json_to_recordset(${asked}::json) as a (id uuid, run uuid, tenant text, "agentId" text, index bigint,
    "requestedAt" timestamptz, "expiresAt" timestamptz, quorum integer, open boolean)
  left join orchestrator.run r on r.id = a.run
  on conflict (id) do nothing`

export const SETTLE = (settled: string, approved: string, ofRuns: string): string => `
  update orchestrator.review set open = false
  where open and (id = any (${settled}::uuid[]) or (id = any (${approved}::uuid[]) and quorum = 1)
    or run = any (${ofRuns}::uuid[]))`

/** For {@link INSERT_ASKED}: the reviews that were asked for, as JSON. */
export const askedIn = (changes: readonly Changed[]): string =>
  JSON.stringify(
    changes.flatMap(({ id: run, tenant, agentId, reviews }) =>
      (reviews?.asked ?? []).map((review) => ({ ...review, run, tenant, agentId })),
    ),
  )

/** What was asked, what was settled, what somebody approved, the runs of which all is settled, and those that ended. */
export const reviewValues = (changes: readonly Changed[]): unknown[] => {
  const runs = (earlier: 'settled' | 'gone'): string[] =>
    changes.flatMap(({ id, reviews }) => (reviews?.earlier === earlier ? [id] : []))
  return [
    askedIn(changes),
    changes.flatMap(({ reviews }) => reviews?.settled ?? []),
    changes.flatMap(({ reviews }) => reviews?.approved ?? []),
    runs('settled'),
    runs('gone'),
  ]
}

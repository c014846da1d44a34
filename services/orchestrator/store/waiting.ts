import type { Db } from '@azora/base/db'
import { uuidAt } from '../admission/run-fifo.ts'
import type { RunTraits } from '../admission/traits.ts'

/** Waiting runs of one kind, oldest first. */
export interface WaitingLane {
  traits: RunTraits
  runs: string[]
}

/** What the list of runs says of those that have not ended, as far as the entries before an index tell. */
export interface WaitingStore {
  /** A page of those that have started, by id, but for those that were at rest when this version of the program last looked. */
  started(after: string, limit: number): Promise<Array<{ run: string; traits: RunTraits }>>
  /** Index of the first entry of the oldest that the list knows; undefined when all have ended. */
  oldest(): Promise<number | undefined>
  /** How many of each tenant wait to start. */
  counts(): Promise<Map<string, number>>
  /** A page of those that wait for nothing but their turn, by id. */
  page(after: string, beforeIndex: number, limit: number): Promise<WaitingLane[]>
  /** A page of those that wait for a time or have to start before one, and of those that rest until one, by id. */
  timed(after: string, beforeIndex: number, limit: number): Promise<Array<{ run: string; atMs: number }>>
}

export function createWaitingStore(db: Db, version: string): WaitingStore {
  return {
    async started(after, limit) {
      const { rows } = await db.query<KindRow & { id: string }>(
        `select id, tenant, agent_id, skill, priority from orchestrator.run
         where state not in ('scheduled', 'success', 'fail', 'cancelled') and id > $1
           and not exists (select from orchestrator.rest where run = id and version = $2)
         order by id limit $3`,
        [after, version, limit],
      )
      return rows.map(({ id, ...kind }) => ({ run: id, traits: traitsIn(kind) }))
    },
    async oldest() {
      const { rows } = await db.query<{ oldest: string | null }>(
        `select min(coalesce(since, 0)) as oldest from orchestrator.run
         where state not in ('success', 'fail', 'cancelled')`,
      )
      const oldest = rows[0]?.oldest
      return oldest == null ? undefined : Number(oldest)
    },
    async counts() {
      const { rows } = await db.query<{ tenant: string; runs: string }>(
        `select tenant, runs from orchestrator.tally where state = 'scheduled' and runs > 0`,
      )
      return new Map(rows.map(({ tenant, runs }) => [tenant, Number(runs)]))
    },
    async page(after, beforeIndex, limit) {
      // A row for each kind, not for each run: a million rows would take a million objects to read.
      const { rows } = await db.query<LaneRow>(
        `select tenant, agent_id, skill, priority, string_agg(uuid_send(id), ''::bytea order by id) as ids
         from (
           select id, tenant, agent_id, skill, priority from orchestrator.run
           where state = 'scheduled' and start_at is null and id > $1 and index < $2 order by id limit $3
         ) page group by tenant, agent_id, skill, priority`,
        [after, beforeIndex, limit],
        'orchestrator.waiting',
      )
      return rows.map(laneOf)
    },
    async timed(after, beforeIndex, limit) {
      const { rows } = await db.query<{ id: string; at: Date }>(
        `(select id, least(start_at, deadline) as at from orchestrator.run
          where state = 'scheduled' and (deadline is not null or start_at is not null) and id > $1 and index < $2
          order by id limit $3)
         union all
         (select run, until from orchestrator.rest where until is not null and run > $1 order by run limit $3)
         order by id limit $3`,
        [after, beforeIndex, limit],
      )
      return rows.map(({ id, at }) => ({ run: id, atMs: at.getTime() }))
    },
  }
}

interface KindRow {
  tenant: string
  agent_id: string
  skill: string | null
  priority: number
}

interface LaneRow extends KindRow {
  ids: Buffer
}

const traitsIn = ({ tenant, agent_id, skill, priority }: KindRow): RunTraits => ({
  tenant,
  agent: agent_id,
  priority,
  ...(skill !== null && { skill }),
})

const laneOf = ({ ids, ...kind }: LaneRow): WaitingLane => ({
  traits: traitsIn(kind),
  runs: Array.from({ length: ids.length / 16 }, (_, at) => uuidAt(ids, at * 16)),
})

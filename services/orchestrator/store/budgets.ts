import type { Db } from '@azora/base/db'
import type { Amounts } from '@azora/contracts'
import type { LedgerChanges, Open } from '../budgets/ledger.ts'

/** Keeps what is used and reserved, so that a start reads the end of the journal only. Of periods before the last month it keeps the total. */
export interface BudgetStore {
  load(shard: string): Promise<LedgerChanges & { next: number }>
  /** All or nothing; nothing when more of the journal was kept before. Leaves out old periods at a start, and with each new day. */
  keep(shard: string, next: number, changes: LedgerChanges): Promise<void>
}

const KEEP = `
with newer as (
  insert into orchestrator.budget_cursor (shard, next) values ($1, $2)
  on conflict (shard) do update set next = excluded.next where orchestrator.budget_cursor.next < excluded.next
  returning 1
), used as (
  insert into orchestrator.budget_used (subject, period, amounts)
  select u.* from unnest($3::text[], $4::text[], $5::json[]) as u where exists (select from newer)
  on conflict (subject, period) do update set amounts = excluded.amounts
), settled as (
  delete from orchestrator.budget_open where run = any ($8::uuid[]) and exists (select from newer)
)
insert into orchestrator.budget_open (run, reservations)
select o.* from unnest($6::uuid[], $7::json[]) as o where exists (select from newer)
on conflict (run) do update set reservations = excluded.reservations`

/** The first period that is still needed: what is settled late may belong to the last month. */
const OLDEST = `to_char(now() at time zone 'UTC' - interval '1 month', 'YYYY-MM')`
const PRUNED_AT_ONCE = 500
const DAY_LENGTH = '2026-11-28'.length

const PRUNE = `
delete from orchestrator.budget_used where ctid = any (array(
  select ctid from orchestrator.budget_used where period collate "C" < ${OLDEST} limit ${PRUNED_AT_ONCE}
))`

export function createBudgetStore(db: Db): BudgetStore {
  let lastDay = ''
  let holdsOld = true

  async function prune(used: LedgerChanges['used']): Promise<void> {
    for (const { period } of used) {
      if (period.length !== DAY_LENGTH || period <= lastDay) continue
      lastDay = period
      holdsOld = true
    }
    if (!holdsOld) return
    const { rowCount } = await db.query(PRUNE, [])
    holdsOld = rowCount === PRUNED_AT_ONCE
  }

  return {
    async load(shard) {
      const cursor = await db.query<{ next: string }>('select next from orchestrator.budget_cursor where shard = $1', [
        shard,
      ])
      const used = await db.query<{ subject: string; period: string; amounts: Amounts }>(
        `select subject, period, amounts from orchestrator.budget_used where period collate "C" >= ${OLDEST}`,
        [],
      )
      const open = await db.query<{ run: string; reservations: Open[] }>(
        'select run, reservations from orchestrator.budget_open',
        [],
      )
      return { next: Number(cursor.rows[0]?.next ?? 0), used: used.rows, open: open.rows }
    },
    async keep(shard, next, { used, open }) {
      const left = open.filter(({ reservations }) => reservations.length > 0)
      const settled = open.filter(({ reservations }) => reservations.length === 0)
      await db.query(KEEP, [
        shard,
        next,
        used.map(({ subject }) => subject),
        used.map(({ period }) => period),
        used.map(({ amounts }) => JSON.stringify(amounts)),
        left.map(({ run }) => run),
        left.map(({ reservations }) => JSON.stringify(reservations)),
        settled.map(({ run }) => run),
      ])
      await prune(used)
    },
  }
}

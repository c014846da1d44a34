import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** Whose request it is, and what it is known by. */
export interface Claim {
  name: Buffer
  tenant: string
  principal: string
  requestMac: Buffer
}

type Place = Pick<Claim, 'tenant' | 'name'>

export interface AnswerRow {
  requestMac: Buffer
  hasEnded: boolean
  sealed: Buffer | null
}

export interface AnswerStore {
  /** False where the name is taken, or the caller has as many as there may be. What began before `keptSinceMs` counts as gone. */
  claim(claim: Claim, nowMs: number, keptSinceMs: number): Promise<boolean>
  find(place: Place, keptSinceMs: number): Promise<AnswerRow | undefined>
  end(place: Place, sealed: Buffer | undefined, nowMs: number): Promise<void>
  remove(place: Place): Promise<void>
  /** Of all tenants. */
  prune(keptSinceMs: number): Promise<void>
}

/** Of one caller, at one time. */
export const KEYS_MAX = 10_000

const CLAIM = `
insert into http.answer (name, tenant, principal, request_mac, began_at)
select $1::bytea, $2::text, $3::text, $4::bytea, $5::timestamptz
where (
  select count(*) from (
    select 1 from http.answer where tenant = $2 and principal = $3 and began_at > $6 limit ${KEYS_MAX}
  ) as held
) < ${KEYS_MAX}
on conflict (name) do update set tenant = excluded.tenant, principal = excluded.principal,
  request_mac = excluded.request_mac, began_at = excluded.began_at, ended_at = null, sealed = null
where answer.began_at <= $6`

/** Postgres schema `http`. */
export async function createAnswerStore(db: Db): Promise<AnswerStore> {
  await migrate(db, 'http', MIGRATIONS)
  return {
    async claim({ name, tenant, principal, requestMac }, nowMs, keptSinceMs) {
      const values = [name, tenant, principal, requestMac, new Date(nowMs), new Date(keptSinceMs)]
      const { rowCount } = await db.within(tenant).query(CLAIM, values, 'http.answer.claim')
      return rowCount === 1
    },
    async find({ tenant, name }, keptSinceMs) {
      const { rows } = await db.within(tenant).query<AnswerRow>(
        `select request_mac as "requestMac", ended_at is not null as "hasEnded", sealed from http.answer
         where name = $1 and began_at > $2`,
        [name, new Date(keptSinceMs)],
      )
      return rows[0]
    },
    async end({ tenant, name }, sealed, nowMs) {
      await db
        .within(tenant)
        .query(
          'update http.answer set ended_at = $3, sealed = $2 where name = $1',
          [name, sealed ?? null, new Date(nowMs)],
          'http.answer.end',
        )
    },
    async remove({ tenant, name }) {
      await db.within(tenant).query('delete from http.answer where name = $1', [name])
    },
    async prune(keptSinceMs) {
      await db.query('delete from http.answer where began_at <= $1', [new Date(keptSinceMs)])
    },
  }
}

import { type Db, isUniqueViolation } from '@azora/base/db'
import type { PrincipalLink } from '@azora/contracts'

export interface LinkStore {
  list(tenant: string): Promise<PrincipalLink[]>
  get(tenant: string, principal: string): Promise<PrincipalLink | undefined>
  /** Who has the address. */
  holder(issuer: string, email: string): Promise<Linked | undefined>
  /** False when the address belongs to another principal. */
  put(tenant: string, link: Pick<PrincipalLink, 'principal' | 'issuer' | 'email'>): Promise<boolean>
  /** Gives a link another address; whoever has signed in by it stays the one who does. False as for `put`. */
  move(tenant: string, link: Pick<PrincipalLink, 'principal' | 'issuer' | 'email'>): Promise<boolean>
  /** False when there is none. */
  remove(tenant: string, principal: string): Promise<boolean>
  /**
   * Whom the subject signs in as. A link that was never used is tied to the subject first, if the address is its own.
   *
   * @param email a verified one
   */
  use(issuer: string, subject: string, email: string | undefined): Promise<Linked | undefined>
}

export interface Linked {
  tenant: string
  principal: string
}

const LIST_MAX = 1_000

export function createLinkStore(db: Db): LinkStore {
  return {
    async list(tenant) {
      const { rows } = await db.within(tenant).query<PrincipalLink>(
        `select principal, issuer, email, subject is not null as used from identity.link where tenant = $1
         order by principal limit $2`,
        [tenant, LIST_MAX],
      )
      return rows
    },
    async get(tenant, principal) {
      const { rows } = await db.within(tenant).query<PrincipalLink>(
        `select principal, issuer, email, subject is not null as used from identity.link
         where tenant = $1 and principal = $2`,
        [tenant, principal],
      )
      return rows[0]
    },
    async holder(issuer, email) {
      const { rows } = await db.query<Linked>(
        'select tenant, principal from identity.link where issuer = $1 and email = $2',
        [issuer, email],
      )
      return rows[0]
    },
    async put(tenant, { principal, issuer, email }) {
      // Whoever was linked before signs in as nobody any more.
      const put = db.within(tenant).query(
        `insert into identity.link (tenant, principal, issuer, email) values ($1, $2, $3, $4)
         on conflict (tenant, principal) do update
           set issuer = excluded.issuer, email = excluded.email, subject = null`,
        [tenant, principal, issuer, email],
      )
      return unlessTaken(put)
    },
    async move(tenant, { principal, issuer, email }) {
      const moved = db
        .within(tenant)
        .query('update identity.link set email = $4 where tenant = $1 and principal = $2 and issuer = $3', [
          tenant,
          principal,
          issuer,
          email,
        ])
      return unlessTaken(moved)
    },
    async remove(tenant, principal) {
      const { rowCount } = await db
        .within(tenant)
        .query('delete from identity.link where tenant = $1 and principal = $2', [tenant, principal])
      return rowCount === 1
    },
    async use(issuer, subject, email) {
      const known = await db.query<Linked>(
        'select tenant, principal from identity.link where issuer = $1 and subject = $2',
        [issuer, subject],
      )
      if (known.rows[0] || email === undefined) return known.rows[0]
      const tied = await db.query<Linked>(
        `update identity.link set subject = $2 where issuer = $1 and email = $3 and subject is null
         returning tenant, principal`,
        [issuer, subject, email],
      )
      return tied.rows[0]
    },
  }
}

/** Whether it was done: an address that somebody has stays theirs, also where their tenant can't be seen. */
const unlessTaken = (done: Promise<{ rowCount: number }>): Promise<boolean> =>
  done.then(
    ({ rowCount }) => rowCount === 1,
    (thrown) => {
      if (isUniqueViolation(thrown, 'link_by_email')) return false
      throw thrown
    },
  )

import pg from 'pg'
import { AzoraError } from '../errors.ts'

/** Whoever acts as it sees the rows of one tenant, as the policies of each table say; it owns nothing and can't log in. */
const ROLE = 'azora_tenant'

/** A role belongs to the whole PostgreSQL server: another database's server may make it at the same moment. */
const CREATE = `
do $$ begin
  if not exists (select from pg_roles where rolname = '${ROLE}') then create role ${ROLE} nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$`

/** Who makes a role may give it, but not act as it, from PostgreSQL 16 on. */
const GRANT = `
do $$ begin
  if not pg_has_role(current_user, '${ROLE}',
    case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end)
  then grant ${ROLE} to current_user; end if;
end $$`

/** Makes the role that `Db.within` takes on. Throws `tenant_role_missing` where the user may not. */
export async function ensureTenantRole(db: { query(text: string): Promise<unknown> }): Promise<void> {
  try {
    await db.query(CREATE)
    await db.query(GRANT)
  } catch (thrown) {
    throw thrown instanceof pg.DatabaseError && thrown.code === INSUFFICIENT_PRIVILEGE ? missing(thrown) : thrown
  }
}

const TENANT = /^[a-z0-9][a-z0-9-]*$/
const INSUFFICIENT_PRIVILEGE = '42501'

/** One message that begins a transaction in which only the rows of the tenant are there. */
export function beginWithin(tenant: string): string {
  if (!TENANT.test(tenant)) throw new AzoraError('bug', 'internal_error', `${tenant} is no tenant`)
  return `begin; set local role ${ROLE}; set local azora.tenant = '${tenant}'`
}

const missing = (cause: Error): AzoraError =>
  new AzoraError('forbidden', 'tenant_role_missing', `the database user can't make the role ${ROLE}, or act as it`, {
    remedy: `As a superuser: create role ${ROLE} nologin; grant ${ROLE} to USER`,
    cause,
  })

import type { Db } from '@azora/base/db'

/** What the role `azora_tenant` may do in each table where it may do anything, and whose rows it may do it to. */
export const OF_TENANTS: Readonly<Record<string, string>> = {
  'http.answer': 'DELETE INSERT SELECT UPDATE',
  'identity.api_key': 'DELETE INSERT SELECT UPDATE',
  'identity.credential': 'DELETE INSERT SELECT UPDATE',
  'identity.device_grant': 'DELETE SELECT UPDATE',
  'identity.link': 'DELETE INSERT SELECT UPDATE',
  'identity.role': 'DELETE INSERT SELECT',
  'identity.scim_group': 'DELETE INSERT SELECT UPDATE',
  'identity.scim_member': 'DELETE INSERT SELECT',
  'identity.scim_user': 'DELETE INSERT SELECT UPDATE',
  'identity.session': 'DELETE INSERT SELECT UPDATE',
  'identity.sign_in_code': 'DELETE INSERT SELECT UPDATE',
  'journal.data_key': 'INSERT',
  'journal.entry': 'SELECT',
  'orchestrator.review': 'SELECT',
  'orchestrator.run': 'SELECT',
  'orchestrator.tally': 'SELECT',
  'secrets.secret': 'DELETE INSERT SELECT UPDATE',
  'secrets.version': 'DELETE INSERT SELECT UPDATE',
  'webhooks.delivery': 'INSERT SELECT UPDATE',
  'webhooks.endpoint': 'DELETE INSERT SELECT UPDATE',
  'webhooks.secret': 'DELETE INSERT SELECT UPDATE',
}

type Query = Pick<Db, 'query'>

/** Tables with what the role may do there, in any of their columns. */
export async function grantsOf(db: Query): Promise<Record<string, string>> {
  const { rows } = await db.query<{ name: string; may: string }>(
    `select format('%I.%I', table_schema, table_name) as name, string_agg(distinct privilege_type, ' ' order by privilege_type) as may
     from (
       select table_schema, table_name, privilege_type from information_schema.role_table_grants where grantee = 'azora_tenant'
       union select table_schema, table_name, privilege_type from information_schema.role_column_grants where grantee = 'azora_tenant'
     ) as granted group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ name, may }) => [name, may]))
}

/** Every table that says of each row whose it is. */
export async function tablesWithTenants(db: Query): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where column_name = 'tenant' and table_schema <> 'information_schema' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Whose a row is. An entry says it in its header, which is hashed. */
export const tenantIn = (table: string): string => (table === 'journal.entry' ? `header::json ->> 'tenant'` : 'tenant')

/** A row of what is not made by asking the server; `$1` is the tenant. */
const PLANTED = [
  `insert into journal.data_key (id, tenant, kek, wrapped, created_at) values (gen_random_uuid(), $1, 'kek', 'key', now())`,
  `insert into identity.sign_in_code (code_hash, tenant, principal, expires_at)
   values (sha256($1::text::bytea), $1, 'user:alice', now() + '1 day')`,
  `insert into identity.device_grant (code_hash, user_code, device, address, asked_at, expires_at, decision, tenant, principal)
   values (sha256($1::text::bytea), $1, 'a laptop', '::1', now(), now() + '1 day', 'deny', $1, 'user:alice')`,
  `insert into webhooks.delivery (tenant, endpoint, index, type, body, next_at)
   select tenant, id, 0, 'run.finished', '{}', now() + '1 day' from webhooks.endpoint where tenant = $1`,
  `with person as (
     insert into identity.scim_user (user_id, tenant, principal, user_name, active, attributes, created_at, modified_at)
     values (gen_random_uuid(), $1, 'user:eve', 'eve', true, '{}', now(), now()) returning *
   ), people as (
     insert into identity.scim_group (group_id, tenant, display_name, created_at, modified_at)
     values (gen_random_uuid(), $1, 'people', now(), now()) returning *
   )
   insert into identity.scim_member (tenant, group_id, user_id) select $1, group_id, user_id from people, person`,
]

/** For each of the tenants. */
export async function plantRows(db: Query, tenants: readonly string[]): Promise<void> {
  for (const tenant of tenants) for (const text of PLANTED) await db.query(text, [tenant])
}

/** How somebody would reach for the rows of `other`, by what they may do. */
export const reaching = (table: string, other: string, row: unknown): Record<string, [string, unknown[]?]> => {
  const whose = tenantIn(table)
  const column = table === 'journal.entry' ? 'header' : 'tenant'
  return {
    SELECT: [`select distinct ${whose} as tenant from ${table}`],
    INSERT: [
      `insert into ${table} select * from jsonb_populate_record(null::${table}, $1::jsonb)`,
      [JSON.stringify(row)],
    ],
    UPDATE: [`update ${table} set ${column} = ${column} where ${whose} = $1`, [other]],
    DELETE: [`delete from ${table} where ${whose} = $1`, [other]],
  }
}

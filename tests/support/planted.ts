import type { Db } from '@azora/base/db'

/** Every row of every table that is ours, as text; bytes in hexadecimal and, where they are text, as that too. */
export async function everythingIn(db: Db): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  )
  const parts: string[] = []
  for (const { name } of tables) {
    const { rows } = await db.query<object>(`select * from ${name}`)
    for (const row of rows) {
      for (const value of Object.values(row)) {
        parts.push(Buffer.isBuffer(value) ? `${value.toString('hex')}\n${value.toString('latin1')}` : textOf(value))
      }
    }
  }
  return parts.join('\n')
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '../errors.ts'
import type { Db } from './pool.ts'
import { ensureTenantRole } from './tenant-role.ts'

/** Changing a long log takes its time, and so does waiting for another server that does it. */
const LIMIT_MS = 60 * 60_000

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/

/**
 * Brings one room's schema up to date: runs the files `0001-name.sql` … of `folder` that have not run yet, each in a
 * transaction of its own together with the note that it ran.
 *
 * @param schema the room's own Postgres schema; created when missing
 */
export async function migrate(db: Db, schema: string, folder: string): Promise<void> {
  await ensureTenantRole(db)
  await db.transaction(async (tx) => {
    // Two servers that start at once would race to create the same schema.
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`azora.migrate.${schema}`])
    await tx.query(`create schema if not exists ${schema}`)
    await tx.query(
      `create table if not exists ${schema}.migration (number int primary key, name text not null, ran_at timestamptz not null default now())`,
    )
  }, LIMIT_MS)
  const { rows } = await db.query<{ number: number }>(`select number from ${schema}.migration`)
  const known = new Set(rows.map(({ number }) => number))
  let last = ''
  for (const name of (await readdir(folder)).sort()) {
    const number = FILE_NAME.exec(name)?.[1]
    if (!number) throw new AzoraError('bug', 'migration_name', `${join(folder, name)} is not named like 0001-name.sql`)
    // The second of two would never run.
    if (number === last)
      throw new AzoraError('bug', 'migration_name', `two migrations in ${folder} are number ${number}`)
    last = number
    if (known.has(Number(number))) continue
    const sql = await readFile(join(folder, name), 'utf8')
    await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`azora.migrate.${schema}`])
      const ran = await tx.query(`select 1 from ${schema}.migration where number = $1`, [Number(number)])
      if (ran.rowCount > 0) return
      await tx.query(sql)
      await tx.query(`insert into ${schema}.migration (number, name) values ($1, $2)`, [Number(number), name])
    }, LIMIT_MS)
  }
}

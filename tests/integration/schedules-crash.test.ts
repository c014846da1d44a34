import { generateKeyPairSync } from 'node:crypto'
import type { EntryKind } from '@azora/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startMortal } from '../support/crash.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import type { SchedulesTask } from '../support/schedules-child.ts'

const PROGRAM = 'schedules-child.ts'
/** An entry of the successor that should not be would be there by then. */
const SETTLED_MS = 300

let postgres: TestPostgres

/** What was decided and started, and for which time. */
async function read({ db }: TestDatabase): Promise<Array<{ kind: EntryKind; at: string | null }>> {
  const { rows } = await db.query<{ kind: EntryKind; at: string | null }>(
    `select kind, coalesce(payload::json ->> 'at', payload::json #>> '{spec,schedule,at}') as at
     from journal.entry where kind in ('schedule.due', 'run.scheduled', 'run.succeeded') order by index`,
  )
  return rows
}

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())

it.each<[EntryKind, string]>([
  ['schedule.created', 'before its time, which passes meanwhile'],
  ['schedule.due', 'between the decision and the run'],
  ['run.scheduled', 'when the run is on record'],
])(
  'after SIGKILL behind %s, %s, the time has one run',
  async (diesAfter) => {
    const database = await postgres.createDatabase()
    const newYear = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 0, 1))
    const { privateKey } = generateKeyPairSync('ed25519')
    const task: SchedulesTask = {
      connection: database.connection,
      shard: 'azora/crash',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      aheadMs: newYear.getTime() - Date.now() + 1_000,
    }
    const doomed = startMortal<object>(PROGRAM)
    const successor = startMortal<object>(PROGRAM)
    try {
      doomed.go({ ...task, diesAfter })
      await expect(doomed.says(() => false)).rejects.toThrow('ended too early')
      successor.go(task)
      const kinds = async (): Promise<unknown[]> => (await read(database)).map(({ kind }) => kind)
      await expect.poll(kinds, { timeout: 30_000 }).toContain('run.succeeded')
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
      expect(await read(database)).toEqual([
        { kind: 'schedule.due', at: newYear.toISOString() },
        { kind: 'run.scheduled', at: newYear.toISOString() },
        { kind: 'run.succeeded', at: null },
      ])
    } finally {
      await Promise.all([doomed.kill(), successor.kill()])
      await database.close()
    }
  },
  60_000,
)

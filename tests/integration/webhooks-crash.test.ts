import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMortal } from '../support/crash.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts'
import type { WebhooksLine, WebhooksTask } from '../support/webhooks-child.ts'

const RUNS = 20
/** The server dies while it waits for the answers to the events around this one. */
const DIES_AT = 25
const SHARD = 'azora/crash'
const PROGRAM = 'webhooks-child.ts'

let postgres: TestPostgres
let database: TestDatabase

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
})
afterAll(async () => {
  await database.close()
  await postgres.stop()
})

/** Indexes of what receivers can be told, as the log has it. */
async function toldIndexes(): Promise<string[]> {
  const { rows } = await database.db.query<{ index: string }>(
    `select index from journal.entry where shard = $1 and kind like 'run.%' order by index`,
    [SHARD],
  )
  return rows.map(({ index }) => `${SHARD}/${index}`)
}

/** The first time that each event came, in the order of arrival, by run. */
function firstByRun({ received }: Receiver): Map<string, string[]> {
  const runs = new Map<string, string[]>()
  for (const { id, event } of received) {
    const ids = runs.get(event.subject ?? '') ?? []
    if (!ids.includes(id)) runs.set(event.subject ?? '', [...ids, id])
  }
  return runs
}

const placeOf = (id: string): number => Number(id.split('/').at(-1))

describe('a server that is killed between an event and its delivery', () => {
  it('loses none: each comes at least once, under its id, those of a run in their order', async () => {
    let onDeath = (): void => {}
    const reached = new Promise<void>((resolve) => {
      onDeath = resolve
    })
    const receiver = await startReceiver((response) => {
      // From here on the dying server gets no answer.
      if (receiver.received.length < DIES_AT || revived) response.writeHead(204).end()
      else onDeath()
    })
    let revived = false
    const { privateKey } = generateKeyPairSync('ed25519')
    const task: WebhooksTask = {
      connection: database.connection,
      shard: SHARD,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      kek: randomBytes(32).toString('base64'),
      url: receiver.url,
      runs: RUNS,
    }
    const doomed = startMortal<WebhooksLine>(PROGRAM)
    const successor = startMortal<WebhooksLine>(PROGRAM)
    try {
      doomed.go(task)
      await reached
      await doomed.kill()
      revived = true
      const told = await toldIndexes()
      expect(told.length).toBeGreaterThan(DIES_AT)
      const acknowledged = doomed.said.filter(({ kind }) => kind === 'ran').length
      expect(told.length).toBeGreaterThanOrEqual(acknowledged * 3)

      successor.go({ ...task, runs: 0 })
      const seen = (): string[] => [...new Set(receiver.received.map(({ id }) => id))]
      await expect.poll(() => seen().length, { timeout: 20_000 }).toBe(told.length)
      expect(seen().toSorted((a, b) => placeOf(a) - placeOf(b))).toEqual(told)
      for (const ids of firstByRun(receiver).values())
        expect(ids).toEqual(ids.toSorted((a, b) => placeOf(a) - placeOf(b)))
    } finally {
      await Promise.all([doomed.kill(), successor.kill()])
      receiver.close()
    }
  }, 60_000)
})

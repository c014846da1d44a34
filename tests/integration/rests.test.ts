import { clockOf } from '@azora/base'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { putOnRecord } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, type ServerOptions, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const ALICE = person('user:alice')
const DAY = 86_400_000
const FOR_A_DAY = [{ id: 'pause', skill: 'wait.timer', input: { ms: DAY } }]
const FOR_A_SIGNAL = [{ id: 'word', skill: 'wait.signal', input: { name: 'go' } }]
const FOR_PEOPLE = [{ id: 'change', skill: 'test.write', input: { verdict: 'review', text: 'x' } }]

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let read: string[]
let aheadMs: number
let onEntries: (() => void) | undefined
const signer = newSigner()
const world = createWorld()

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  aheadMs = 0
  database = await postgres.createDatabase()
  await start()
  await putOnRecord(server.journal, ALICE)
})
afterEach(async () => {
  await server.stop()
  await database.close()
})

async function start(options: Partial<ServerOptions> = {}): Promise<void> {
  read = []
  onEntries = undefined
  server = await startServer({
    ...{ db: database.connect(), world, signer, clock: clockOf(() => Date.now() + aheadMs) },
    ...{ onRead: (run: string) => void read.push(run), onEntries: () => onEntries?.(), ...options },
  })
}

/** A server that does not take leave of the one before. */
async function startAfterCrash(options?: Partial<ServerOptions>): Promise<void> {
  server.crash()
  await server.stop()
  await start(options)
}

async function resting(): Promise<string[]> {
  const { rows } = await database.db.query<{ run: string }>('select run from orchestrator.rest order by run')
  return rows.map(({ run }) => run)
}

/** Runs that wait for a time, a signal and people, and are known to be at rest. */
async function threeAtRest(): Promise<[timed: string, signalled: string, reviewed: string]> {
  const runs = [
    await server.run([FOR_A_DAY]),
    await server.run([FOR_A_SIGNAL]),
    await server.run([FOR_PEOPLE]),
  ] as const
  await vi.waitFor(async () => expect(await resting()).toEqual([...runs].sort()), { timeout: 20_000 })
  return [...runs]
}

/** Until a new run has ended, whatever a start looks at has been looked at. */
async function expectNoneRead(): Promise<void> {
  await server.reaches(await server.run([]), 'success')
  expect(read).toEqual([])
}

it('are not read at a start, and go on when something comes for them', async () => {
  const [timed, signalled, reviewed] = await threeAtRest()
  await startAfterCrash()
  await expectNoneRead()

  await server.orchestrator.signal(OWNER, signalled, { name: 'go', data: null })
  await server.reaches(signalled, 'success')
  const [review] = await server.orchestrator.reviewsOf(OWNER, reviewed)
  if (!review) throw new RangeError('no review waits')
  await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'approve'))
  await server.reaches(reviewed, 'success')
  await vi.waitFor(async () => expect(await resting()).toEqual([timed]), { timeout: 20_000 })
})

it('go on by the clock, also when their time came while no server was up', async () => {
  const [timed] = await threeAtRest()
  aheadMs = DAY
  await startAfterCrash()
  await server.reaches(timed, 'success')
  await vi.waitFor(async () => expect(await resting()).not.toContain(timed), { timeout: 20_000 })
})

it('are looked at by the next server when something had come for them just before the last one died', async () => {
  const [, signalled] = await threeAtRest()
  const died = new Promise<void>((resolve) => {
    onEntries = () => {
      server.crash()
      resolve()
    }
  })
  // Nobody is answered, as it dies with the signal on record and nothing after it.
  void server.orchestrator.signal(OWNER, signalled, { name: 'go', data: null })
  await died
  await startAfterCrash()
  await server.reaches(signalled, 'success')
})

it('are each looked at once by another version of the program', async () => {
  const runs = await threeAtRest()
  await startAfterCrash({ version: 'next' })
  await vi.waitFor(() => expect([...read].sort()).toEqual([...runs].sort()), { timeout: 20_000 })
  await vi.waitFor(
    async () => {
      const { rows } = await database.db.query(`select from orchestrator.rest where version = 'next'`)
      expect(rows).toHaveLength(runs.length)
    },
    { timeout: 20_000 },
  )
  await startAfterCrash({ version: 'next' })
  await expectNoneRead()
})

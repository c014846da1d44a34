import type { RunDetail } from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsOf, putOnRecord, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let world: World
const servers: Server[] = []
const signer = newSigner()

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  world = createWorld()
})
afterEach(async () => {
  const last = servers.splice(0).at(-1)
  const replayed = await last?.replayer.replayRecorded(OWNER, {})
  expect(replayed?.runs.filter(({ outcome }) => outcome !== 'incomplete')).toEqual([])
  await last?.stop()
  await database.close()
})

/** A server that dies without a word when the log has as many entries. */
async function start(diesAt = Number.POSITIVE_INFINITY): Promise<{ server: Server; died: Promise<void> }> {
  let die = (): void => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const onEntries = (size: number): void => {
    if (size < diesAt) return
    server?.crash()
    die()
  }
  let server: Server | undefined
  server = await startServer({ db: database.connect(), world, signer, onEntries })
  servers.push(server)
  return { server, died }
}

const PLANS = [
  [
    { id: 'look', skill: 'test.read' },
    { id: 'change', skill: 'test.write', input: { text: 'x' } },
  ],
  [
    { id: 'pay', skill: 'test.pay' },
    { id: 'after', skill: 'test.write', after: ['pay'], input: { text: { $step: 'change', $pointer: '/text' } } },
  ],
]
const RUNS = 3
/** Fewer than the runs have entries. */
const ENTRIES = 54
/** Of one commit, at most: the last outcome of each run, and what follows from it. */
const AT_ONCE = RUNS * 5
/** By then a server whose runs all wait for people has nothing left to do. */
const STANDSTILL_MS = 1_000

const sizeOfLog = async (): Promise<number> =>
  Number((await database.db.query<{ size: string }>('select size from journal.shard')).rows[0]?.size)

/** Numbers that look random and are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const ALICE = person('user:alice')

/** As a person who looks whether the payment arrived: only what did not happen is done again. */
async function decideUnknown(server: Server): Promise<void> {
  for (const { reviewId, actionDigest, cause, runId, stepId } of (await server.orchestrator.reviews(OWNER)).items) {
    expect(cause).toBe('outcome_unknown')
    const decision = world.effects.has(`${runId}:${stepId}`) ? 'deny' : 'approve'
    await server.orchestrator.decide(ALICE, reviewId, decisionOf(ALICE, { reviewId, actionDigest }, decision))
  }
}

async function finish(server: Server, runId: string): Promise<RunDetail> {
  for (;;) {
    const run = await server.until(runId, ({ finishedAt, state }) => Boolean(finishedAt) || state === 'awaiting_review')
    if (run.finishedAt) return run
    await decideUnknown(server)
    await server.until(runId, ({ state }) => state !== 'awaiting_review')
  }
}

describe('a server that dies', () => {
  it.each([17, 1_234, 56_789, 424_242, 7_777_777, 31_415_926, 271_828_182, 1_618_033_988])(
    'at two random moments loses no run and does nothing twice (seed %i)',
    async (seed) => {
      const random = randomFrom(seed)
      const first = await start()
      await putOnRecord(first.server.journal, ALICE)
      const base = first.server.journal.status().size
      await first.server.stop()

      const doomed = await start(base + 2 + Math.floor(random() * (ENTRIES - AT_ONCE)))
      const acknowledged: string[] = []
      for (let at = 0; at < RUNS; at += 1) void doomed.server.run(PLANS).then((runId) => acknowledged.push(runId))
      await doomed.died
      const size = await sizeOfLog()
      expect(size).toBeLessThan(base + ENTRIES)
      const again = await start(size + 2)
      await Promise.race([again.died, new Promise((resolve) => setTimeout(resolve, STANDSTILL_MS))])

      const { server } = await start()
      const { rows } = await database.db.query<{ run: string }>('select run from journal.run_state order by run')
      const runIds = rows.map(({ run }) => run)
      expect(runIds).toEqual(expect.arrayContaining(acknowledged))
      const runs: RunDetail[] = []
      for (const runId of runIds) runs.push(await finish(server, runId))
      for (const run of runs) {
        expect(run.state).toBe('success')
        expect(statesOf(run)).toMatchObject({ look: 'succeeded', change: 'succeeded', after: 'succeeded' })
        expect(['succeeded', 'failed']).toContain(statesOf(run).pay)
        for (const stepId of ['change', 'pay', 'after']) expect(world.effects.get(`${run.id}:${stepId}`)).toBe(1)
        expect(flawsOf(await reportOn(server, run.id))).toEqual([])
      }
      expect(server.journal.status().epoch).toBe(4)
    },
  )

  it('while an action that must not be repeated is in flight leaves the decision to people', async () => {
    const { server: doomed } = await start()
    const runId = await doomed.run([[{ id: 'pay', skill: 'test.pay', input: { how: 'hang' } }]])
    await doomed.until(runId, ({ actions }) => actions[0]?.state === 'started' && world.requests.length === 1)
    doomed.crash()
    const { server } = await start()
    await server.reaches(runId, 'awaiting_review')
    expect(world.requests).toHaveLength(1)
    expect((await server.orchestrator.reviews(OWNER)).items).toMatchObject([
      { cause: 'outcome_unknown', stepId: 'pay', runId },
    ])
  })

  it('after an effect whose outcome it did not record lets people end it', async () => {
    const dying: World = {
      ...world,
      async perform(request, signal) {
        const result = await world.perform(request, signal)
        doomed.crash()
        return result
      },
    }
    const doomed = await startServer({ db: database.connect(), world: dying, signer })
    const runId = await doomed.run([[{ id: 'pay', skill: 'test.pay' }]])
    await doomed.until(runId, () => world.effects.size === 1)
    const { server } = await start()
    await server.reaches(runId, 'awaiting_review')
    const run = await finish(server, runId)
    expect(run.actions).toMatchObject([{ state: 'failed', error: { code: 'outcome_unknown' } }])
    expect([...world.effects.values()]).toEqual([1])
  })

  it('with a run that is paused, cancelled or waits finds it so', async () => {
    const { server: doomed } = await start()
    const hang = [[{ id: 'a', skill: 'test.write', input: { how: 'hang' } }]]
    const paused = await doomed.run(hang)
    const cancelled = await doomed.run(hang)
    const waiting = await doomed.run([[{ id: 'a', skill: 'test.write', input: { verdict: 'review' } }]])
    for (const runId of [paused, cancelled]) await doomed.until(runId, ({ actions }) => actions[0]?.state === 'started')
    await doomed.reaches(waiting, 'awaiting_review')
    await doomed.orchestrator.pause(OWNER, paused)
    doomed.crash()
    const about = { tenant: OWNER.tenant, actor: OWNER.id, run: cancelled }
    await doomed.journal.append({ ...about, kind: 'run.cancel_requested', payload: {} })

    const { server } = await start()
    await server.reaches(cancelled, 'cancelled')
    expect((await server.orchestrator.show(OWNER, paused)).state).toBe('paused')
    expect((await server.orchestrator.show(OWNER, waiting)).state).toBe('awaiting_review')
    await server.orchestrator.resume(OWNER, paused)
    await server.until(paused, ({ actions }) => actions[0]?.state === 'started')
    await server.orchestrator.cancel(OWNER, paused)
    await server.reaches(paused, 'cancelled')
  })

  it('cannot go on beside its successor', async () => {
    const { server: old } = await start()
    const { server } = await start()
    await expect(old.run([])).rejects.toMatchObject({ code: 'journal_fenced' })
    await server.reaches(await server.run([]), 'success')
  })
})

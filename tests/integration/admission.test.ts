import { timestamp } from '@azora/base'
import { AdmissionLimits } from '@azora/contracts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
const signer = newSigner()

const start = async (): Promise<void> => {
  server = await startServer({ db: database.connect(), world: createWorld(), signer })
}
const restart = async (): Promise<void> => {
  // A run that hangs would be waited for.
  server.crash()
  await start()
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  await start()
})
beforeEach(() => setLimits({}))
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

async function setLimits(limits: object): Promise<void> {
  const { index } = server.orchestrator.limits()
  const request = { limits: AdmissionLimits.parse(limits), ...(index !== undefined && { replaces: index }) }
  await server.orchestrator.setLimits(OWNER, request)
}
const hang = () => server.run([[{ id: 'a', skill: 'test.read', input: { how: 'hang' } }]])
const quick = (change = {}) => server.run([[{ id: 'a', skill: 'test.read' }]], change)
const stateOf = async (runId: string) => (await server.orchestrator.show(OWNER, runId)).state
const end = async (runId: string): Promise<void> => {
  await server.orchestrator.cancel(OWNER, runId)
  await server.reaches(runId, 'cancelled')
}

it('limits hold at once, over a restart, and for whoever saw the newest ones', async () => {
  await setLimits({ everyTenant: { concurrency: 1 } })
  const first = await hang()
  await server.reaches(first, 'running')
  const second = await quick()
  await restart()
  expect(server.orchestrator.limits()).toMatchObject({ limits: { everyTenant: { concurrency: 1 } }, by: OWNER.id })
  await expect(server.orchestrator.setLimits(OWNER, { limits: {} })).rejects.toMatchObject({ code: 'limits_changed' })
  await server.reaches(first, 'running')
  expect(await stateOf(second)).toBe('scheduled')
  await setLimits({})
  await server.reaches(second, 'success')
  await end(first)
})

it('who would wait too long is told so, and a run that is turned away leaves no trace', async () => {
  await setLimits({ everyTenant: { concurrency: 1, queue: 2 } })
  const first = await hang()
  await server.reaches(first, 'running')
  const waiting = [await quick(), await quick()]
  const size = server.journal.status().size
  await expect(quick()).rejects.toMatchObject({ code: 'queue_full', retryAfterMs: 1_000 })
  expect(server.journal.status().size).toBe(size)
  // The count is that of the log after a restart too.
  await restart()
  await expect(quick()).rejects.toMatchObject({ code: 'queue_full' })
  await end(waiting[0] as string)
  const third = await quick()
  await setLimits({ queue: 1, everyTenant: { concurrency: 1 } })
  await expect(quick()).rejects.toMatchObject({ code: 'overloaded' })
  await end(first)
  for (const run of [waiting[1] as string, third]) await server.reaches(run, 'success')
})

it('the more urgent goes first, and all that waited goes on after a restart', async () => {
  await setLimits({ everyTenant: { concurrency: 1 } })
  const first = await hang()
  await server.reaches(first, 'running')
  const runs = [await quick({ priority: 1 }), await quick({ priority: 8 }), await quick({ priority: 5 })]
  await restart()
  await server.reaches(first, 'running')
  await end(first)
  const ended = await Promise.all(runs.map((run) => server.reaches(run, 'success')))
  const order = ended.toSorted((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1))
  expect(order.map(({ priority }) => priority)).toEqual([8, 5, 1])
})

it('a run waits until its time, over a restart too, and can be cancelled meanwhile', async () => {
  const startAt = timestamp(Date.now() + 3_000)
  const runId = await quick({ startAt })
  const far = await quick({ startAt: timestamp(Date.now() + 400 * 86_400_000) })
  await restart()
  expect(await stateOf(runId)).toBe('scheduled')
  const run = await server.reaches(runId, 'success')
  expect((run.startedAt ?? '') >= startAt).toBe(true)
  expect(await server.replayer.replay(OWNER, runId)).toMatchObject({ outcome: 'same' })
  await end(far)
})

it('a run whose deadline passes while it waits fails then, whoever is before it', async () => {
  await setLimits({ everyTenant: { concurrency: 1 } })
  const first = await hang()
  await server.reaches(first, 'running')
  const late = await quick({ deadline: timestamp(Date.now() + 1_500) })
  const run = await server.reaches(late, 'fail')
  expect(run).toMatchObject({ error: { code: 'deadline_exceeded' } })
  expect(await stateOf(first)).toBe('running')
  await end(first)
})

it('the list is paged in either order, and bounded by times', async () => {
  const all = (await server.orchestrator.list(OWNER, { limit: 200 })).items
  expect(all.length).toBeGreaterThan(8)
  const byState = Object.groupBy(all, ({ state }) => state)
  const counts = Object.entries(byState).map(([state, { length }]) => [state, length])
  expect(await server.orchestrator.counts(OWNER)).toEqual(Object.fromEntries(counts))
  const pages = async (query: object): Promise<string[]> => {
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await server.orchestrator.list(OWNER, { ...query, limit: 3, cursor })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next
      if (cursor === undefined) return ids
    }
  }
  const newest = all.map(({ id }) => id)
  expect(await pages({})).toEqual(newest)
  expect(await pages({ order: 'oldest' })).toEqual(newest.toReversed())
  const { createdAt: since = '' } = all[6] ?? {}
  const { createdAt: until = '' } = all[2] ?? {}
  const between = all.filter(({ createdAt }) => createdAt >= since && createdAt < until).map(({ id }) => id)
  expect(await pages({ since, until })).toEqual(between)
  const cancelled = all.filter(({ state }) => state === 'cancelled').map(({ id }) => id)
  expect(await pages({ state: 'cancelled', agentId: all[0]?.agentId })).toEqual(cancelled)
})

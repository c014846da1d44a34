import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
/** There is a place on a node when this resolves. */
let ready: Promise<void> = Promise.resolve()

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  server = await startServer({ db: database.connect(), world: createWorld(), signer: newSigner(), ready: () => ready })
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const read = (id: string, more: object = {}) => ({ id, skill: 'test.read', ...more })
/** What the steps of a run wait for, once it is so. */
async function waits(runId: string, wanted: Record<string, unknown>): Promise<void> {
  const run = await server.until(runId, ({ actions }) => actions.filter((action) => action.waits).length > 0)
  expect(Object.fromEntries(run.actions.map((action) => [action.stepId, action.waits]))).toEqual(wanted)
}

it('a step says which steps it waits for, and for what people wait with it', async () => {
  const asked = { id: 'a', skill: 'test.write', input: { verdict: 'review' } }
  const runId = await server.run([[asked, read('b', { after: ['a'] })]])
  await server.reaches(runId, 'awaiting_review')
  const [review] = await server.orchestrator.reviewsOf(OWNER, runId)
  await waits(runId, { a: { review: review?.reviewId }, b: { steps: ['a'] } })
  await server.orchestrator.cancel(OWNER, runId)
  const ended = await server.reaches(runId, 'cancelled')
  expect(ended.actions.map((action) => action.waits)).toEqual([undefined, undefined])
})

it('a step says until when it waits, and for which signal', async () => {
  const input = { name: 'go', until: '2099-01-01T00:00:00.000Z' }
  const runId = await server.run([[{ id: 'a', skill: 'wait.signal', input }]])
  await waits(runId, { a: { signal: 'go', until: input.until } })
  await server.orchestrator.signal(OWNER, runId, { name: 'go', data: null })
  await server.reaches(runId, 'success')
})

it('a step says that it waits for a place on a node, and no longer once it has one', async () => {
  let open = (): void => {}
  ready = new Promise((resolve) => {
    open = resolve
  })
  const runId = await server.run([[read('a')]])
  await waits(runId, { a: { place: 'main' } })
  open()
  const { actions } = await server.reaches(runId, 'success')
  expect(actions[0]?.waits).toBeUndefined()
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
const signer = newSigner()
const world = createWorld()
const start = async (): Promise<void> => {
  server = await startServer({ db: database.connect(), world, signer })
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  await start()
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const ALICE = person('user:alice')
const SIGNAL = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
const child = (step: object, actions = 5) => ({
  skill: 'run.start',
  input: { agent: SCRIPTED.agentId, input: { plans: [{ steps: [step] }] }, actions },
})
const show = (run: string) => server.orchestrator.show(OWNER, run)
const stateOf = async (run: string) => (await show(run)).state
const pause = (run: string, why?: string) => server.orchestrator.pause(OWNER, run, why)
const resume = (run: string) => server.orchestrator.resume(OWNER, run)
const signal = (run: string) => server.orchestrator.signal(OWNER, run, { name: 'go', data: null })
/** The child of a step, once it runs. */
async function childIn(parent: string, step = 'c', state = 'running'): Promise<string> {
  const { actions } = await server.until(parent, (run) => run.actions.some((a) => a.stepId === step && a.child))
  const id = actions.find(({ stepId }) => stepId === step)?.child ?? ''
  await expect.poll(async () => show(id).catch(() => undefined)).toMatchObject({ state })
  return id
}
const reaches = async (runs: readonly string[], state: string): Promise<void> => {
  for (const run of runs) await expect.poll(() => stateOf(run)).toBe(state)
}

it('pausing a run pauses those that it started, down to the last, and they go on with it', async () => {
  const parent = await server.run([[{ id: 'c', ...child({ id: 'c', ...child(SIGNAL, 2) }) }]])
  const middle = await childIn(parent)
  const leaf = await childIn(middle)
  await pause(parent, 'a look at it')
  await reaches([middle, leaf], 'paused')
  expect((await show(middle)).pauseReason).toBe(`its parent ${parent} is paused: a look at it`)
  expect((await show(leaf)).pauseReason).toContain(`its parent ${middle} is paused`)
  await signal(leaf)
  await expect(resume(leaf)).rejects.toMatchObject({ code: 'illegal_transition' })
  expect(await stateOf(leaf)).toBe('paused')
  await resume(parent)
  await reaches([leaf, middle, parent], 'success')
  for (const run of [parent, middle, leaf])
    expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('what people paused for itself does not go on with its parent, whichever was first', async () => {
  const steps = ['c', 'd', 'e'].map((id) => ({ id, ...child(SIGNAL) }))
  const parent = await server.run([steps])
  const [first, second, third] = [await childIn(parent, 'c'), await childIn(parent, 'd'), await childIn(parent, 'e')]
  await pause(first)
  await pause(parent)
  await reaches([second, third], 'paused')
  await pause(second, 'by itself')
  expect((await show(second)).pauseReason).toBe('by itself')
  await resume(parent)
  await reaches([third], 'running')
  expect([await stateOf(first), await stateOf(second)]).toEqual(['paused', 'paused'])
  for (const run of [first, second]) await resume(run)
  for (const run of [first, second, third]) await signal(run)
  await reaches([first, second, third, parent], 'success')
  expect(await server.replayer.replay(OWNER, second)).toMatchObject({ outcome: 'same' })
})

it('a child that waits for people is paused too; what they decide holds when it goes on', async () => {
  const asks = { id: 'a', skill: 'test.write', input: { verdict: 'review' } }
  const parent = await server.run([[{ id: 'c', ...child(asks) }]])
  const id = await childIn(parent, 'c', 'awaiting_review')
  await pause(parent)
  await reaches([id], 'paused')
  const [review] = await server.orchestrator.reviewsOf(OWNER, id)
  if (!review) throw new TypeError('nobody is asked')
  await resume(parent)
  await reaches([id], 'awaiting_review')
  await pause(parent)
  await reaches([id], 'paused')
  await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'approve'))
  expect(await stateOf(id)).toBe('paused')
  await resume(parent)
  await reaches([id, parent], 'success')
})

it('a server that dies between the parent and its child pauses, or resumes, the child at its next start', async () => {
  const parent = await server.run([[{ id: 'c', ...child(SIGNAL) }]])
  const id = await childIn(parent)
  const die = async (kind: 'run.paused' | 'run.resumed', from: 'running' | 'paused', to: 'running' | 'paused') => {
    server.crash()
    const common = { tenant: OWNER.tenant, actor: OWNER.id, run: parent, payload: {} }
    await server.journal.append({ ...common, kind, transition: { from, to } })
    await start()
  }
  await die('run.paused', 'running', 'paused')
  await reaches([id], 'paused')
  // Once more in a life that only finds both paused.
  server.crash()
  await start()
  expect([await stateOf(parent), await stateOf(id)]).toEqual(['paused', 'paused'])
  await die('run.resumed', 'paused', 'running')
  await reaches([id], 'running')
  await signal(id)
  await reaches([id, parent], 'success')
})

it('a paused run that is cancelled cancels its children too', async () => {
  const parent = await server.run([[{ id: 'c', ...child(SIGNAL) }]])
  const id = await childIn(parent)
  await pause(parent)
  await reaches([id], 'paused')
  await server.orchestrator.cancel(OWNER, parent)
  await reaches([id, parent], 'cancelled')
})

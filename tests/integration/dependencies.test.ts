import { timestamp, uuidv7 } from '@azora/base'
import type { Dependency } from '@azora/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

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
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const hang = () => server.run([[{ id: 'a', skill: 'test.read', input: { how: 'hang' } }]])
const quick = (change = {}) => server.run([[{ id: 'a', skill: 'test.read' }]], change)
const afterRuns = (runs: string[], when: Dependency['when'] = 'success') =>
  quick({ after: runs.map((run) => ({ run, when })) })
const stateOf = async (runId: string) => (await server.orchestrator.show(OWNER, runId)).state
const cancel = (runId: string) => server.orchestrator.cancel(OWNER, runId)
/** Signalled, it succeeds. */
const waiting = () => server.run([[{ id: 'w', skill: 'wait.signal', input: { name: 'go' } }]])
const go = (runId: string) => server.orchestrator.signal(OWNER, runId, { name: 'go', data: null })

it('a run starts after those that it names have succeeded, and its replay is the same', async () => {
  const [first, second] = [await waiting(), await waiting()]
  const ended = await quick()
  await server.reaches(ended, 'success')
  const last = await afterRuns([first, ended, second])
  const chained = await afterRuns([last])
  await go(second)
  await server.reaches(second, 'success')
  expect(await stateOf(last)).toBe('scheduled')
  await go(first)
  const { dependencies, startedAt = '' } = await server.reaches(last, 'success')
  expect(dependencies).toEqual({ met: true, ended: [first, ended, second].map((run) => ({ run, state: 'success' })) })
  expect(startedAt >= ((await server.orchestrator.show(OWNER, first)).finishedAt ?? '')).toBe(true)
  await server.reaches(chained, 'success')
  expect(await server.replayer.replay(OWNER, last)).toMatchObject({ outcome: 'same' })
})

it('when one did not succeed it is cancelled, on record, or runs if it asks for any end', async () => {
  const first = await waiting()
  const [strict, lenient] = [await afterRuns([first]), await afterRuns([first], 'ended')]
  const chained = await afterRuns([strict])
  await cancel(first)
  const lost = await server.reaches(strict, 'cancelled')
  expect(lost.dependencies).toEqual({ met: false, ended: [{ run: first, state: 'cancelled' }] })
  expect(lost.startedAt).toBeUndefined()
  await server.reaches(lenient, 'success')
  await server.reaches(chained, 'cancelled')
  const kinds = (await server.journal.readRun(strict)).map(({ header }) => header.kind)
  expect(kinds).toEqual(['run.scheduled', 'dependencies.settled', 'run.cancelled'])
  expect(await server.replayer.replay(OWNER, strict)).toMatchObject({ outcome: 'same' })
  // One that had ended before it was named counts the same.
  await server.reaches(await afterRuns([first]), 'cancelled')
})

it('what waits is found again after a crash, also when what it waits for ended meanwhile', async () => {
  const [first, second, third] = [await waiting(), await waiting(), await hang()]
  await server.reaches(third, 'running')
  const [met, lost] = [await afterRuns([first]), await afterRuns([third])]
  const later = await afterRuns([second])
  const timed = await quick({ after: [{ run: first, when: 'success' }], startAt: timestamp(Date.now() + 2_000) })
  server.crash()
  // On record by the hand of somebody else, while no orchestrator heard it.
  const common = { tenant: OWNER.tenant, actor: 'system:orchestrator' }
  await server.journal.append({
    ...common,
    run: third,
    kind: 'run.cancelled',
    payload: {},
    transition: { from: 'running', to: 'cancelled' },
  })
  await start()
  await server.reaches(lost, 'cancelled')
  await go(first)
  await server.reaches(met, 'success')
  expect(await stateOf(later)).toBe('scheduled')
  await restart()
  await go(second)
  await server.reaches(later, 'success')
  const { startedAt = '', startAt = '' } = await server.reaches(timed, 'success')
  expect(startedAt >= startAt).toBe(true)
})

it('a run that waits can be cancelled, paused past the end of the other, and fails at its deadline', async () => {
  const first = await waiting()
  const [gone, held] = [await afterRuns([first]), await afterRuns([first])]
  const late = await quick({ after: [{ run: first, when: 'success' }], deadline: timestamp(Date.now() + 500) })
  await cancel(gone)
  await server.reaches(gone, 'cancelled')
  await server.orchestrator.pause(OWNER, held)
  expect(await server.reaches(late, 'fail')).toMatchObject({ error: { code: 'deadline_exceeded' } })
  await go(first)
  await server.until(held, ({ dependencies }) => dependencies?.met === true)
  expect(await stateOf(held)).toBe('paused')
  await server.orchestrator.resume(OWNER, held)
  await server.reaches(held, 'success')
})

it('a run that is not there, or is another tenant’s, is no run to start after', async () => {
  const mine = await quick()
  const size = server.journal.status().size
  await expect(afterRuns([uuidv7(Date.now())])).rejects.toMatchObject({ code: 'run_not_found' })
  const request = { agentId: SCRIPTED.agentId, input: { plans: [] }, scope: { read: [], write: [], hosts: [] } }
  const other = { id: 'user:else', tenant: 'else' }
  const asked = server.orchestrator.create(other, {
    ...request,
    priority: 5,
    budget: { actions: 1, turns: 1 },
    after: [{ run: mine, when: 'ended' }],
  })
  await expect(asked).rejects.toMatchObject({ code: 'run_not_found' })
  const kept = (await server.journal.read(size, 100)).filter(({ header }) => header.kind === 'run.scheduled')
  expect(kept).toEqual([])
})

it('who waits keeps no place: runs that came later go on', async () => {
  const first = await waiting()
  const waiters = await Promise.all(Array.from({ length: 20 }, () => afterRuns([first])))
  await server.reaches(await quick(), 'success')
  await go(first)
  for (const run of waiters) await server.reaches(run, 'success')
})

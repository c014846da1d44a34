import { AzoraError, type Clock, clockOf, silentLog } from '@azora/base'
import { AdmissionLimits, type Entry, type ScheduleView } from '@azora/contracts'
import { createSchedules, type Schedules } from '@azora/orchestrator'
import type { Signer } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

const MINUTE = 60_000
const BASE = { agentId: SCRIPTED.agentId, cron: '* * * * *' }
const QUICK = { plans: [{ steps: [{ id: 'a', skill: 'test.read' }] }] }
const HANGING = { plans: [{ steps: [{ id: 'a', skill: 'test.read', input: { how: 'hang' } }] }] }

let postgres: TestPostgres
let database: TestDatabase
let signer: Signer
let server: Server
let schedules: Schedules
let aheadMs = 0
let allowed: Set<string>
/** Dies when so many entries of schedules and scheduled runs were committed. */
let diesAfter = Number.POSITIVE_INFINITY
let died: () => void = () => undefined
const real = clockOf(() => Date.now() + aheadMs)
/** Its timers see at once that it was set. */
const clock: Clock = {
  ...real,
  timer(atMs, onTime) {
    const polling = setInterval(() => {
      if (real.now() < atMs) return
      clearInterval(polling)
      onTime()
    }, 20)
    return { cancel: () => clearInterval(polling) }
  },
}

beforeAll(async () => {
  postgres = await openPostgres()
})
beforeEach(async () => {
  database = await postgres.createDatabase()
  signer = newSigner()
  allowed = new Set([OWNER.id, 'user:mia'])
  diesAfter = Number.POSITIVE_INFINITY
  await start()
})
afterEach(async () => {
  await schedules.stop()
  // A run that hangs would be waited for. One that ends meanwhile needs nothing.
  for (const { id, finishedAt } of await runs()) {
    if (finishedAt) continue
    await server.orchestrator.cancel(OWNER, id).catch((error) => {
      if (error.code !== 'illegal_transition') throw error
    })
  }
  await server.stop()
  await database.close()
})
afterAll(() => postgres.stop())

async function start(): Promise<void> {
  let crashed = false
  const never = (): Promise<never> => new Promise(() => {})
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (crashed) return never()
    const result = await work()
    return crashed ? never() : result
  }
  server = await startServer({ db: database.connect(), world: createWorld(), signer, clock })
  const mine = server
  let seen = 0
  const { journal, registry, orchestrator } = server
  journal.subscribe((entries) => {
    seen += entries.filter(({ header: { kind } }) => kind === 'run.scheduled' || kind.startsWith('schedule.')).length
    if (seen < diesAfter || crashed) return
    crashed = true
    mine.crash()
    died()
  })
  schedules = await createSchedules({
    journal: { ...journal, append: (draft) => alive(() => journal.append(draft)) },
    registry,
    runs: { create: (...asked) => alive(() => orchestrator.create(...asked)) },
    mayStart: async ({ owner: id }) => allowed.has(id),
    clock,
    log: silentLog,
  })
}

function advanceTo(time: string | undefined, moreMs = 0): void {
  aheadMs += Math.max(0, Date.parse(time ?? '') + moreMs - clock.now())
}

async function restart(): Promise<void> {
  server.crash()
  diesAfter = Number.POSITIVE_INFINITY
  await start()
}

async function until(test: (view: ScheduleView) => boolean, name = 'nightly'): Promise<ScheduleView> {
  const limit = Date.now() + 10_000
  for (;;) {
    const view = schedules.get(OWNER.tenant, name)
    if (test(view)) return view
    if (Date.now() > limit) throw new AzoraError('bug', 'test_limit', JSON.stringify(view))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const entriesOf = async (...kinds: Entry['header']['kind'][]): Promise<Array<{ payload: string | null }>> =>
  server.journal.scan(kinds, -1)
const runs = async () => (await server.orchestrator.list(OWNER, { limit: 200 })).items

it('a run starts at the time, with the rights of who made the schedule, and names it', async () => {
  const mia = { id: 'user:mia', tenant: 'default' }
  const made = await schedules.create(mia, { name: 'nightly', input: QUICK, deadlineSeconds: 600, ...BASE })
  expect(made).toMatchObject({ state: 'active', owner: 'user:mia', recent: [] })
  const at = made.next[0] as string
  advanceTo(at)
  const { recent, open } = await until(({ recent: [last], open: [run] }) => last?.state === 'started' && !run)
  expect(open).toEqual([])
  expect(recent).toMatchObject([{ at, state: 'started' }])
  const run = await server.reaches(recent[0]?.runId as string, 'success')
  expect(run).toMatchObject({ owner: 'user:mia', schedule: { name: 'nightly', at } })
  expect(Date.parse(run.deadline ?? '') - Date.parse(run.createdAt)).toBeLessThanOrEqual(600_000)
  expect(await server.replayer.replay(OWNER, run.id)).toMatchObject({ outcome: 'same' })
})

it.each([1, 2, 3])('whatever entry was the last before a crash, here of %i, the time has one run', async (last) => {
  const crash = new Promise<void>((resolve) => {
    died = resolve
  })
  diesAfter = last
  const creating = schedules.create(OWNER, { name: 'nightly', input: QUICK, ...BASE }).catch(() => undefined)
  if (last > 1) advanceTo((await creating)?.next[0])
  await crash
  await restart()
  advanceTo(schedules.get('default', 'nightly').recent[0]?.at ?? schedules.get('default', 'nightly').next[0])
  const { recent } = await until(({ recent: [one], open }) => one?.state === 'started' && open.length === 0)
  expect(recent).toHaveLength(1)
  expect(await entriesOf('schedule.due')).toHaveLength(1)
  expect((await runs()).map(({ id, schedule }) => [id, schedule?.at])).toEqual([[recent[0]?.runId, recent[0]?.at]])
})

it.each([
  ['skip', 0],
  ['one', 1],
  ['all', 3],
] as const)('times that passed while the server was down, with %s: %i runs', async (missed, count) => {
  // No time is in the last minute when it comes back.
  await schedules.create(OWNER, { name: 'hourly', input: QUICK, ...BASE, cron: '0 * * * *', missed, overlap: 'allow' })
  const { next } = schedules.get(OWNER.tenant, 'hourly')
  server.crash()
  aheadMs += Date.parse(next[2] as string) - clock.now() + 5 * MINUTE
  await restart()
  const decided = count === 3 ? 3 : count + 1
  const view = await until(
    ({ recent }) => recent.length === decided && recent.every(({ state }) => state !== 'due'),
    'hourly',
  )
  expect((await runs()).map(({ schedule }) => schedule?.at).toSorted()).toEqual(
    count === 0 ? [] : next.slice(3 - count, 3),
  )
  const skipped = view.recent.filter(({ state }) => state === 'skipped')
  expect(skipped).toMatchObject(count === 3 ? [] : [{ why: 'missed', at: next[2 - count] }])
})

it('a run that goes on holds up the next time, which waits or is skipped, on record', async () => {
  await schedules.create(OWNER, { name: 'waits', input: HANGING, ...BASE, overlap: 'queue' })
  const { next } = await schedules.create(OWNER, { name: 'nightly', input: HANGING, ...BASE })
  advanceTo(next[0])
  const first = (await until(({ open }) => open.length === 1, 'waits')).open[0] as string
  await until(({ open }) => open.length === 1)
  advanceTo(next[1])
  expect((await until(({ recent: [last] }) => last?.state === 'skipped')).recent[0]).toMatchObject({ why: 'overlap' })
  await until(({ queued }) => queued === 1, 'waits')
  await restart()
  expect(schedules.get('default', 'waits')).toMatchObject({ open: [first], queued: 1 })
  await server.orchestrator.cancel(OWNER, first)
  const { recent } = await until(({ open }) => open.length === 1 && open[0] !== first, 'waits')
  expect(recent[0]).toMatchObject({ at: next[1], runId: expect.not.stringMatching(first) })
})

it('who is turned away by limits, or has lost the right, is on record with the reason', async () => {
  await server.orchestrator.setLimits(OWNER, {
    limits: AdmissionLimits.parse({ everyTenant: { concurrency: 1, queue: 1 } }),
  })
  for (const name of ['x', 'y']) await schedules.create(OWNER, { name, input: HANGING, ...BASE, cron: '0 0 1 1 *' })
  await schedules.trigger(OWNER, 'x')
  await until(({ open }) => open.length === 1, 'x')
  await server.reaches(schedules.get('default', 'x').open[0] as string, 'running')
  expect(await schedules.trigger(OWNER, 'x')).toMatchObject({ state: 'started', triggered: true })
  expect(await schedules.trigger(OWNER, 'y')).toMatchObject({ state: 'refused', error: { code: 'queue_full' } })
  allowed.clear()
  expect(await schedules.trigger(OWNER, 'y')).toMatchObject({ state: 'refused', error: { code: 'forbidden' } })
  expect(await entriesOf('schedule.refused')).toHaveLength(2)
  await restart()
  expect(schedules.get('default', 'y')).toMatchObject({
    open: [],
    recent: [{ state: 'refused' }, { state: 'refused' }],
  })
})

it('pause, resume, trigger and remove hold at once and after a restart; who made it takes it along', async () => {
  await schedules.create(OWNER, { name: 'nightly', input: QUICK, ...BASE })
  expect(await schedules.pause(OWNER, 'nightly')).toMatchObject({ state: 'paused', next: [] })
  await schedules.pause(OWNER, 'nightly')
  const { runId } = await schedules.trigger(OWNER, 'nightly', 'once')
  await restart()
  expect(schedules.get('default', 'nightly').state).toBe('paused')
  expect((await schedules.trigger(OWNER, 'nightly', 'once')).runId).toBe(runId)
  await server.reaches(runId as string, 'success')
  expect((await schedules.resume(OWNER, 'nightly')).next.length).toBe(5)
  expect(await entriesOf('schedule.paused')).toHaveLength(1)
  const removed = { principal: OWNER.id }
  await server.journal.append({ kind: 'principal.removed', tenant: 'default', actor: OWNER.id, payload: removed })
  for (const change of [schedules.resume, schedules.pause, schedules.trigger])
    await expect(change(OWNER, 'nightly')).rejects.toMatchObject({ code: 'schedule_stopped' })
  expect(await schedules.trigger(OWNER, 'nightly', 'once')).toMatchObject({ runId, state: 'started' })
  await restart()
  expect(schedules.get('default', 'nightly').state).toBe('stopped')
  expect(await schedules.trigger(OWNER, 'nightly', 'once')).toMatchObject({ runId, state: 'started' })
  await expect(schedules.trigger(OWNER, 'nightly', 'twice')).rejects.toMatchObject({ code: 'schedule_stopped' })
  expect(await entriesOf('schedule.due')).toHaveLength(1)
  await schedules.remove(OWNER, 'nightly')
  await restart()
  expect(schedules.list('default')).toEqual([])
  await expect(schedules.remove(OWNER, 'nightly')).rejects.toMatchObject({ code: 'schedule_not_found' })
})

it('what can never work is refused before it is on record', async () => {
  const make = (change: object) => schedules.create(OWNER, { name: 'nightly', input: QUICK, ...BASE, ...change })
  await expect(make({ cron: '99 * * * *' })).rejects.toMatchObject({ code: 'cron_invalid' })
  await expect(make({ cron: '0 0 31 2 *' })).rejects.toMatchObject({ code: 'cron_never' })
  await expect(make({ timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'time_zone_unknown' })
  await expect(make({ agentId: 'nobody' })).rejects.toMatchObject({ code: 'agent_not_found' })
  const both = await Promise.allSettled([make({}), make({})])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(make({})).rejects.toMatchObject({ code: 'schedule_exists' })
  const other = { id: 'user:other', tenant: 'other' }
  expect(schedules.list('other')).toEqual([])
  await expect(schedules.trigger(other, 'nightly')).rejects.toMatchObject({ code: 'schedule_not_found' })
  expect(await entriesOf('schedule.created')).toHaveLength(1)
})

it('what is asked while the server stops is answered as it is on record, and what comes later is to be asked again', async () => {
  await schedules.create(OWNER, { name: 'earlier', input: QUICK, ...BASE })
  const changes = [
    schedules.create(OWNER, { name: 'nightly', input: QUICK, ...BASE }),
    schedules.pause(OWNER, 'earlier'),
    schedules.trigger(OWNER, 'earlier'),
  ]
  const stopped = schedules.stop()
  expect(await Promise.all(changes)).toMatchObject([{ name: 'nightly' }, { state: 'paused' }, { state: 'due' }])
  await stopped
  const size = server.journal.status().size
  const late = [
    () => schedules.create(OWNER, { name: 'late', input: QUICK, ...BASE }),
    () => schedules.resume(OWNER, 'earlier'),
    () => schedules.trigger(OWNER, 'earlier'),
    () => schedules.remove(OWNER, 'earlier'),
  ]
  for (const change of late) await expect(change()).rejects.toMatchObject({ code: 'journal_closed', advice: 'retry' })
  expect(server.journal.status().size).toBe(size)
})

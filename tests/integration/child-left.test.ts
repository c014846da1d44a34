import type { Entry, EntryKind, JsonObject } from '@azora/contracts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { putOnRecord } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { AGENTS, OWN_AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { skillManifest } from '../support/skill-manifest.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

const ALICE = person('user:alice')
const EUROS = skillManifest('test.euros', ['read'], true, { cost: { money: { currency: 'EUR', micros: 1 } } })
const DOLLARS = { actions: 50, turns: 10, money: { currency: 'USD', micros: 9 }, onReached: 'fail' } as const

let postgres: TestPostgres
let database: TestDatabase
let server: Server
/** Called with each entry as it is committed, before what follows from it is appended. */
let onEntry: (entry: Entry) => void
/** A node has room. */
let room = Promise.withResolvers<void>()

const signer = newSigner()
async function start(): Promise<void> {
  const manifests = [{ ...SCRIPTED, skills: [...SCRIPTED.skills, EUROS.skillId] }]
  server = await startServer({
    db: database.connect(),
    world: createWorld(),
    signer,
    skills: [EUROS],
    agents: { manifests, host: AGENTS, own: OWN_AGENTS },
    ready: () => room.promise,
  })
  server.journal.subscribe((entries) => {
    for (const entry of entries) onEntry(entry)
  })
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  onEntry = () => {}
  await start()
  await putOnRecord(server.journal, ALICE)
})
beforeEach(() => {
  onEntry = () => {}
  room = Promise.withResolvers()
  room.resolve()
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const WAIT = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
const child = (steps: object[], actions = 10): { skill: string; input: JsonObject } => ({
  skill: 'run.start',
  input: { agent: SCRIPTED.agentId, actions, input: { plans: [{ steps }] } as never },
})
const show = (run: string) => server.orchestrator.show(OWNER, run)
const stepOf = async (run: string, stepId: string) => (await show(run)).actions.find((one) => one.stepId === stepId)
const entriesOf = (run: string) => server.journal.readRun(run)
const kindsOf = async (run: string): Promise<EntryKind[]> => (await entriesOf(run)).map(({ header }) => header.kind)

/** A run that has done something, has a child, and fails when it gets word: what comes then costs money that it can't have. */
async function startFamily(steps: object[]): Promise<{ parent: string; left: string }> {
  const parent = await server.run(
    [
      [
        { id: 'a', skill: 'test.book', input: { text: 'a' } },
        { id: 'c', after: ['a'], ...child(steps) },
        { ...WAIT, after: ['a'] },
        { id: 'b', skill: EUROS.skillId, after: ['w'] },
      ],
    ],
    { budget: DOLLARS },
  )
  const { actions } = await server.until(parent, (run) => run.actions.some((action) => action.child))
  const left = actions.find((action) => action.child)?.child ?? ''
  await expect.poll(() => entriesOf(left)).not.toEqual([])
  return { parent, left }
}
const fail = (parent: string) => server.orchestrator.signal(OWNER, parent, { name: 'go', data: null })

/** The child has ended, and its parent knows, before the parent undoes what it did. */
async function expectInTurn(parent: string, left: string): Promise<void> {
  const above = await entriesOf(parent)
  const indexOf = (kind: EntryKind, stepId: string): number | undefined =>
    above.find(({ header, payload }) => header.kind === kind && JSON.stringify(payload).includes(`"${stepId}"`))?.header
      .index
  const undone = indexOf('action.verified', 'undo-1') ?? -1
  const last = (await entriesOf(left)).at(-1)?.header
  expect(last?.transition?.to).toBe('cancelled')
  expect(undone).toBeGreaterThan(last?.index ?? Number.POSITIVE_INFINITY)
  expect(undone).toBeGreaterThan(indexOf('child.ended', 'c') ?? Number.POSITIVE_INFINITY)
  expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
  expect(await server.replayer.replay(OWNER, left)).toMatchObject({ outcome: 'same' })
}

it('a failing run undoes what it did when the child that it leaves has undone its own, for which people may be needed', async () => {
  const own = { skill: 'test.unbook', input: { how: 'fail' }, on: ['cancel'] }
  const { parent, left } = await startFamily([
    { id: 'x', skill: 'test.book', input: { text: 'x' }, compensation: own },
    { ...WAIT, after: ['x'] },
  ])
  await server.until(left, ({ actions }) => actions[1]?.state === 'waiting')
  await fail(parent)
  await server.reaches(left, 'awaiting_review')
  expect((await stepOf(parent, 'c'))?.waits).toEqual({ run: left })
  expect((await stepOf(parent, 'undo-1'))?.waits).toEqual({ steps: ['c'] })
  expect(await kindsOf(parent)).not.toContain('run.failed')
  expect(await stepOf(parent, 'undo-1')).toMatchObject({ state: 'proposed' })
  const [review] = await server.orchestrator.reviewsOf(OWNER, left)
  if (!review) throw new TypeError('nobody is asked')
  await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'deny'))
  expect((await server.reaches(parent, 'fail')).error?.code).toBe('budget_currency')
  await expectInTurn(parent, left)
})

it.each<[string, object, (left: string) => Promise<unknown>]>([
  ['waits for word', WAIT, (left) => server.until(left, ({ actions }) => actions[0]?.state === 'waiting')],
  ['acts', { id: 'x', skill: 'test.read', input: { how: 'hang' } }, (left) => server.reaches(left, 'running')],
  [
    'asks people',
    { id: 'x', skill: 'test.read', input: { verdict: 'review' } },
    (left) => server.reaches(left, 'awaiting_review'),
  ],
  [
    'has a child',
    { id: 'x', ...child([WAIT], 2) },
    (left) => server.until(left, ({ actions }) => actions[0]?.child !== undefined),
  ],
  [
    'is paused by people',
    WAIT,
    async (left) => {
      await server.reaches(left, 'running')
      await server.orchestrator.pause(OWNER, left)
    },
  ],
])('no child keeps it from that: one that %s', async (_how, step, stands) => {
  const { parent, left } = await startFamily([step])
  await stands(left)
  await fail(parent)
  await server.reaches(parent, 'fail')
  await expectInTurn(parent, left)
})

it('a child that waits for a place on a node never begins, and keeps nobody waiting', async () => {
  const { parent, left } = await startFamily([{ ...WAIT }, { id: 'x', skill: 'test.read', after: ['w'] }])
  await server.until(left, ({ actions }) => actions[0]?.state === 'waiting')
  room = Promise.withResolvers()
  await server.orchestrator.signal(OWNER, left, { name: 'go', data: null })
  await server.until(left, ({ actions }) => actions[1]?.waits?.place !== undefined)
  await fail(parent)
  await expect.poll(() => kindsOf(left)).toContain('run.cancel_requested')
  room.resolve()
  await server.reaches(parent, 'fail')
  expect(await kindsOf(left)).not.toContain('action.started')
  await expectInTurn(parent, left)
})

it.each<[EntryKind, 'parent' | 'child']>([
  ['budget.reached', 'parent'],
  ['compensation.begun', 'parent'],
  ['run.cancel_requested', 'child'],
  ['compensation.begun', 'child'],
  ['run.cancelled', 'child'],
  ['child.ended', 'parent'],
  ['action.verified', 'parent'],
  ['action.started', 'parent'],
])('it goes on after a crash at %s of the %s', async (kind, whose) => {
  const own = { skill: 'test.unbook', input: {}, on: ['cancel'] }
  const { parent, left } = await startFamily([
    { id: 'x', skill: 'test.book', input: { text: 'x' }, compensation: own },
    { ...WAIT, after: ['x'] },
  ])
  await server.until(left, ({ actions }) => actions[1]?.state === 'waiting')
  const { crash } = server
  const crashed = Promise.withResolvers<void>()
  onEntry = ({ header }) => {
    if (header.kind !== kind || header.run !== (whose === 'parent' ? parent : left)) return
    crash()
    onEntry = () => {}
    crashed.resolve()
  }
  await fail(parent)
  await crashed.promise
  await start()
  await server.reaches(parent, 'fail')
  await expectInTurn(parent, left)
})

it('a parent that is paused meanwhile undoes nothing, and goes on when it is resumed', async () => {
  const { parent, left } = await startFamily([WAIT])
  onEntry = ({ header }) => {
    if (header.run !== left || header.kind !== 'run.cancel_requested') return
    onEntry = () => {}
    void server.orchestrator.pause(OWNER, parent)
  }
  await fail(parent)
  await server.reaches(left, 'cancelled')
  await server.reaches(parent, 'paused')
  server.crash()
  await start()
  expect((await stepOf(parent, 'undo-1'))?.state).toBe('proposed')
  await server.orchestrator.resume(OWNER, parent)
  await server.reaches(parent, 'fail')
  await expectInTurn(parent, left)
})

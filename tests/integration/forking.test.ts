import { timestamp } from '@azora/base'
import type { AgentManifest, Entry } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsOf, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, READ, SCRIPTED, type World, WRITE } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let world: World
const signer = newSigner()

/** A version that agrees with 1.0.0, and one that names its steps otherwise. */
const VERSIONS: AgentManifest[] = [SCRIPTED, { ...SCRIPTED, version: '1.1.0' }, { ...SCRIPTED, version: '2.0.0' }]
const host: typeof AGENTS = {
  ...AGENTS,
  async reason(agent, request) {
    const said = await AGENTS.reason(agent, request)
    if (agent.version !== '2.0.0' || said.type !== 'plan') return said
    return { ...said, plan: { steps: said.plan.steps.map((step) => ({ ...step, input: { text: 'otherwise' } })) } }
  },
}
const own = { codeDigest: async () => SCRIPTED.codeDigest, open: async () => ({ ...host, close: async () => {} }) }

const start = async (): Promise<void> => {
  const agents = { manifests: VERSIONS, host, own }
  server = await startServer({ db: database.connect(), world, signer, agents })
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  world = createWorld()
  await start()
})
afterAll(async () => {
  const replayed = await server.replayer.replayRecorded(OWNER, {})
  expect(replayed.runs.filter(({ outcome }) => outcome === 'diverged')).toEqual([])
  await server.stop()
  await database.close()
  await postgres.stop()
})

type Steps = Parameters<Server['run']>[0][number]
const run = (plans: Steps[], input = {}) => server.run(plans, { input, agentVersion: '1.0.0' })
const write = (id: string, change: object = {}) => ({ id, skill: 'test.write', ...change })
const performedIn = (runId: string): string[] =>
  world.requests.filter(({ action }) => action.runId === runId).map(({ action }) => action.stepId)
const failing = { input: { how: 'fail' } }
const { fork, restart, migrate } = {
  fork: async (runId: string, from: string, change = {}) =>
    (await server.orchestrator.fork(OWNER, runId, { from, ...change })).runId,
  restart: async (runId: string, from?: string) => (await server.orchestrator.restart(OWNER, runId, from)).runId,
  migrate: (runId: string, agentVersion: string, reason?: string) =>
    server.orchestrator.migrate(OWNER, runId, { agentVersion, ...(reason && { reason }) }, server.replayer.replay),
}

describe('a fork', () => {
  it('performs nothing again of what it took over, and leaves the other run as it is', async () => {
    const source = await run([
      [write('a', { input: { text: 'x' } })],
      [write('b'), write('c', { after: ['b'] })],
      [write('d')],
    ])
    await server.reaches(source, 'success')
    const before = await server.journal.readRun(source)
    const forked = await fork(source, 'c', { input: { text: 'other' } })
    const ended = await server.reaches(forked, 'success')
    expect(performedIn(forked)).toEqual(['c', 'd'])
    expect(ended.forkOf).toEqual({ run: source, step: 'c', input: { text: 'other' }, depth: 1 })
    expect(ended.outputs).toMatchObject([
      { stepId: 'a', output: { text: 'x' } },
      { stepId: 'b' },
      { stepId: 'c', output: { text: 'other' } },
      { stepId: 'd' },
    ])
    expect(ended.actions.map(({ takenOver }) => takenOver)).toEqual([true, true, undefined, undefined])
    expect(await server.journal.readRun(source)).toEqual(before)
    const [first] = (await server.journal.readRun(forked)) as [Entry<'run.scheduled'>]
    expect(first.payload.takenOver?.index).toBe(before.at(-1)?.header.index)
    const keys = world.requests.map(({ idempotencyKey }) => idempotencyKey)
    expect(new Set(keys).size).toBe(keys.length)
    const same = { input: { text: 'other' } }
    const again = await server.orchestrator.fork(OWNER, source, { from: 'c', ...same }, 'key-1')
    expect(await server.orchestrator.fork(OWNER, source, { from: 'c', ...same }, 'key-1')).toEqual(again)
  })

  it('replays as it was, and its evidence verifies', async () => {
    const source = await run([[write('a')], [write('b')]])
    await server.reaches(source, 'success')
    const forked = await fork(await fork(source, 'b'), 'b')
    await server.reaches(forked, 'success')
    expect(performedIn(forked)).toEqual(['b'])
    expect(await server.replayer.replay(OWNER, forked)).toMatchObject({ outcome: 'same' })
    const report = await reportOn(server, forked, signer.verifier.text)
    expect(flawsOf(report)).toEqual([])
    expect(report.notProved.join()).toContain(`what was taken over from`)
  })

  it('is on record when it is answered for, and begins after a crash', async () => {
    const source = await run([[write('a')], [write('b')]])
    await server.reaches(source, 'success')
    const accepted = server.orchestrator.fork(OWNER, source, { from: 'b' })
    const { runId } = await accepted
    server.crash()
    await start()
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'succeeded', b: 'succeeded' })
    const taken = world.requests.filter(({ action }) => action.runId === runId && action.stepId === 'a')
    expect(taken).toEqual([])
  })

  it('can go on with another version of the agent', async () => {
    const source = await run([[write('a', { input: { text: 'x' } })], [write('b')]])
    await server.reaches(source, 'success')
    const ended = await server.reaches(await fork(source, 'a', { agentVersion: '2.0.0' }), 'success')
    expect(ended).toMatchObject({ agentVersion: '2.0.0' })
    expect(ended.outputs).toMatchObject([{ output: { text: 'x' } }, { output: { text: 'otherwise' } }])
  })

  it('is refused with a clear error', async () => {
    const source = await run([[write('a'), { id: 'book', skill: 'test.book' }], [write('z')]], { goal: 'missed' })
    await server.reaches(source, 'fail')
    await expect(fork(source, 'nothing')).rejects.toMatchObject({ code: 'step_not_found' })
    await expect(fork(source, 'undo-1')).rejects.toMatchObject({ code: 'step_not_found' })
    await expect(fork(source, 'z')).rejects.toMatchObject({ code: 'step_compensated' })
    await expect(fork(source, 'book', { agentVersion: '9.9.9' })).rejects.toMatchObject({ code: 'agent_not_found' })
    const stranger = { id: 'user:eve', tenant: 'other' }
    await expect(server.orchestrator.fork(stranger, source, { from: 'a' })).rejects.toMatchObject({
      code: 'run_not_found',
    })
    const alone = await server.orchestrator.execute(OWNER, {
      ...{ skillId: 'test.write', input: {}, priority: 5 },
      scope: { read: [], write: [], hosts: [] },
    })
    await expect(fork(alone.runId, 'skill', { agentVersion: '1.0.0' })).rejects.toMatchObject({
      code: 'run_without_agent',
    })
  })

  it('goes only so deep', async () => {
    let runId = await run([[write('a')]])
    await server.reaches(runId, 'success')
    for (let depth = 1; depth <= 20; depth += 1) runId = await fork(runId, 'a')
    await expect(fork(runId, 'a')).rejects.toMatchObject({ code: 'fork_too_deep' })
  })
})

describe('a restart', () => {
  it('goes on at the first step that failed, under the same input', async () => {
    const source = await run([[write('a')], [write('b', failing), write('c'), write('d', { after: ['b'] })]], {
      goal: 'missed',
    })
    await expect(restart(source)).rejects.toMatchObject({ code: 'run_not_ended' })
    await server.reaches(source, 'fail')
    const again = await restart(source)
    await server.reaches(again, 'fail')
    expect(performedIn(again).sort()).toEqual(['b', 'd'])
  })

  it('goes on behind a plan that succeeded, and of a run that reached its goal wants to know the step', async () => {
    const missed = await run([[write('a')]], { goal: 'missed' })
    await server.reaches(missed, 'fail')
    const again = await restart(missed)
    await server.reaches(again, 'fail')
    expect(performedIn(again)).toEqual([])
    const done = await run([[write('a')]])
    await server.reaches(done, 'success')
    await expect(restart(done)).rejects.toMatchObject({ code: 'nothing_failed' })
    await server.reaches(await restart(done, 'a'), 'success')
  })

  it('performs a single skill again, and takes the plan of a run without an agent over', async () => {
    const scope = { read: [], write: [], hosts: [] }
    const about = { scope, priority: 5, budget: { actions: 5, turns: 5 } }
    const steps = [write('one'), write('two', { after: ['one'], ...failing })].map((step) => ({
      after: [],
      input: {},
      ...step,
    }))
    const { runId } = await server.orchestrator.performPlan(OWNER, { plan: { steps }, ...about })
    await server.reaches(runId, 'fail')
    const again = await restart(runId)
    await server.reaches(again, 'fail')
    expect(performedIn(again)).toEqual(['two'])
    const mended = await fork(runId, 'two', { input: { text: 'mended' } })
    expect((await server.reaches(mended, 'success')).outputs).toMatchObject({ two: { text: 'mended' } })
  })
})

describe('a migration', () => {
  const paused = async (): Promise<string> => {
    const soon = timestamp(Date.now() + 3_600_000)
    const runId = await run([
      [write('a')],
      [{ id: 'w', skill: 'wait.signal', input: { name: 'go', until: soon } }],
      [write('b', { input: { text: 'x' } })],
    ])
    await server.until(runId, ({ actions }) => actions.some(({ state }) => state === 'waiting'))
    await expect(migrate(runId, '1.1.0')).rejects.toMatchObject({ code: 'run_not_paused' })
    await server.orchestrator.pause(OWNER, runId)
    return runId
  }

  it('moves a paused run to a version that agrees, on record', async () => {
    const runId = await paused()
    await migrate(runId, '1.1.0', 'it is better')
    await server.orchestrator.signal(OWNER, runId, { name: 'go', data: null })
    await server.orchestrator.resume(OWNER, runId)
    expect(await server.reaches(runId, 'success')).toMatchObject({ agentVersion: '1.1.0' })
    const remedy = expect.stringContaining(`azora run fork ${runId}`)
    await expect(migrate(runId, '1.0.0')).rejects.toMatchObject({ code: 'run_not_paused', remedy })
    const entries = await server.journal.readRun(runId)
    const migrated = entries.find(({ header }) => header.kind === 'run.migrated')
    expect(migrated).toMatchObject({ header: { actor: OWNER.id }, payload: { from: '1.0.0', to: '1.1.0' } })
    expect(entries.at(-3)?.header.actor).toBe('agent:scripted@1.1.0')
    expect(await server.replayer.replay(OWNER, runId)).toMatchObject({ outcome: 'same' })
    expect(flawsOf(await reportOn(server, runId, signer.verifier.text))).toEqual([])
  })

  it('of two at one time is on record once', async () => {
    const runId = await paused()
    const moves = await Promise.allSettled([migrate(runId, '1.1.0'), migrate(runId, '1.1.0')])
    const refused = moves.flatMap((move) => (move.status === 'rejected' ? [move.reason] : []))
    // The second is not refused where it begins to look when the first is on record.
    expect(refused.length).toBeLessThanOrEqual(1)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'run_busy', advice: 'retry' })
    const entries = await server.journal.readRun(runId)
    expect(entries.filter(({ header }) => header.kind === 'run.migrated')).toHaveLength(1)
    expect(await migrate(runId, '1.1.0')).toEqual({ runId, state: 'paused' })
  })

  it('that is overtaken by another one is refused, also when the run moved on between the two', async () => {
    const runId = await paused()
    const { append } = server.journal
    const overtaken = vi.spyOn(server.journal, 'append').mockImplementationOnce(async (draft) => {
      await server.orchestrator.signal(OWNER, runId, { name: 'other', data: null })
      // The signal wakes the run for a moment.
      await expect.poll(() => migrate(runId, '1.1.0').catch(({ code }) => code)).toMatchObject({ state: 'paused' })
      return append(draft)
    })
    try {
      await expect(migrate(runId, '1.1.0')).rejects.toMatchObject({ code: 'run_busy', advice: 'retry' })
    } finally {
      overtaken.mockRestore()
    }
    const kinds = (await server.journal.readRun(runId)).map(({ header }) => header.kind)
    expect(kinds.filter((kind) => kind === 'run.signalled' || kind === 'run.migrated')).toEqual([
      'run.signalled',
      'run.migrated',
    ])
  })

  it('moves a run to the skills that are offered now, but for those that it has used, on record', async () => {
    const [old, runId] = [await paused(), await paused()]
    const newer = [WRITE, READ].map((skill) => ({ ...skill, version: '1.1.0' }))
    await server.registry.register({ skills: newer, agents: [] })
    await expect(server.orchestrator.migrate(OWNER, runId, {}, server.replayer.replay)).rejects.toMatchObject({
      code: 'migration_empty',
    })
    await server.orchestrator.migrate(OWNER, runId, { skills: true, reason: 'a flaw' }, server.replayer.replay)
    for (const one of [old, runId]) {
      await server.orchestrator.signal(OWNER, one, { name: 'go', data: null })
      await server.orchestrator.resume(OWNER, one)
    }
    const versionsIn = async (one: string) =>
      (await server.reaches(one, 'success')).actions.map(({ stepId, skillVersion = null }) => [stepId, skillVersion])
    const before = [
      ['a', '1.0.0'],
      ['w', null],
    ]
    expect(await versionsIn(old)).toEqual([...before, ['b', '1.0.0']])
    expect(await versionsIn(runId)).toEqual([...before, ['b', '1.1.0']])
    const entries = await server.journal.readRun(runId)
    const moved = entries.find(({ header }) => header.kind === 'run.skills_migrated')
    expect(moved).toMatchObject({ header: { actor: OWNER.id }, payload: { reason: 'a flaw' } })
    for (const one of [old, runId]) {
      expect(await server.replayer.replay(OWNER, one)).toMatchObject({ outcome: 'same' })
      expect(flawsOf(await reportOn(server, one, signer.verifier.text))).toEqual([])
    }
  })

  it('is refused where the version would have decided otherwise, and changes nothing', async () => {
    const runId = await paused()
    const before = await server.journal.readRun(runId)
    await expect(migrate(runId, '2.0.0')).rejects.toMatchObject({
      code: 'history_diverges',
      message: expect.stringContaining('step a in its answer of turn 0'),
    })
    await expect(migrate(runId, '9.0.0')).rejects.toMatchObject({ code: 'agent_not_found' })
    expect(await server.journal.readRun(runId)).toEqual(before)
    await server.orchestrator.cancel(OWNER, runId)
  })
})

describe('a step that starts a run', () => {
  const child = (steps: object[]) => ({
    skill: 'run.start',
    input: { agent: SCRIPTED.agentId, version: '1.0.0', input: { plans: [{ steps }] } as never },
  })
  const WAIT = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
  const childIn = async (runId: string): Promise<string> => {
    const { actions } = await server.until(runId, (one) => one.actions.some((action) => action.child !== undefined))
    const id = actions.find((action) => action.child !== undefined)?.child ?? ''
    await expect.poll(async () => (await server.journal.readRun(id)).length).toBeGreaterThan(0)
    return id
  }
  const parentsOf = async (...children: string[]) =>
    Promise.all(children.map(async (id) => (await server.orchestrator.show(OWNER, id)).parent?.run))

  it('is taken over with the run that it started, which is not started again', async () => {
    const source = await run([[{ id: 'c', ...child([write('a', { input: { text: 'x' } })]) }], [write('b')]])
    await server.reaches(source, 'success')
    const started = await childIn(source)
    const before = server.journal.status().size
    for (const from of [source, await fork(source, 'b')]) {
      const forked = await fork(from, 'b')
      const ended = await server.reaches(forked, 'success')
      expect(ended.actions[0]).toMatchObject({ stepId: 'c', takenOver: true, child: started, state: 'succeeded' })
      expect(await server.replayer.replay(OWNER, forked)).toMatchObject({ outcome: 'same' })
      expect(flawsOf(await reportOn(server, forked, signer.verifier.text))).toEqual([])
    }
    const kinds = (await server.journal.read(before, 1_000)).map(({ header }) => header.kind)
    expect(kinds).not.toContain('child.ended')
    expect(await parentsOf(started)).toEqual([source])
  })

  it('is performed anew by a fork where that run goes on, by a run of the fork’s own', async () => {
    const source = await run([[write('a'), { id: 'c', ...child([WAIT]), after: ['a'] }]])
    const first = await childIn(source)
    const forked = (await server.orchestrator.fork(OWNER, source, {})).runId
    const second = await childIn(forked)
    expect(await parentsOf(first, second)).toEqual([source, forked])
    for (const id of [first, second]) {
      await server.until(id, ({ actions }) => actions.some(({ state }) => state === 'waiting'))
      await server.orchestrator.signal(OWNER, id, { name: 'go', data: null })
    }
    for (const id of [source, forked]) await server.reaches(id, 'success')
    expect(performedIn(forked)).toEqual([])
  })

  it('goes on waiting for its run when it moves to another version', async () => {
    const source = await run([[{ id: 'c', ...child([WAIT]) }], [write('b')]])
    const started = await childIn(source)
    await server.orchestrator.pause(OWNER, source)
    await expect.poll(() => migrate(source, '1.1.0').catch(({ code }) => code)).toMatchObject({ state: 'paused' })
    await server.reaches(started, 'paused')
    await server.orchestrator.signal(OWNER, started, { name: 'go', data: null })
    await server.orchestrator.resume(OWNER, source)
    await server.reaches(started, 'success')
    const ended = await server.reaches(source, 'success')
    expect(ended).toMatchObject({ agentVersion: '1.1.0', actions: [{ child: started, state: 'succeeded' }, {}] })
  })
})

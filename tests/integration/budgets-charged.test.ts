import { afterAll, beforeAll, expect, it } from 'vitest'
import { OWNER, type Server, statesOf } from '../support/server.ts'
import { startSkillServer } from '../support/skill-server.ts'

const ASK = `
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'model.ask',
  version: '1.0.0',
  title: 'Ask',
  description: 'Says what an answer cost.',
  input: z.object({ tokens: z.int() }),
  output: z.object({}),
  effects: ['read'],
  idempotent: true,
  workspace: 'none',
  cost: { tokens: 100, money: { currency: 'USD', micros: 5_000 } },
  run({ tokens }, { charge }) {
    charge({ tokens, money: { currency: 'USD', micros: tokens * 10 } })
    return {}
  },
})
`
let server: Server
let close = async (): Promise<void> => {}

beforeAll(async () => {
  ;({ server, close } = await startSkillServer('budgets-charged', { 'skills/model.ask.skill.ts': ASK }))
})
afterAll(() => close())

const ask = (id: string, tokens: number, after: string[] = []) => ({ id, skill: 'model.ask', input: { tokens }, after })
const budget = { actions: 10, turns: 2 }

it('a run is charged what its skills say; where its budget leaves no room people let it use as much again', async () => {
  const steps = [ask('a', 30), ask('b', 40, ['a']), ask('c', 50, ['b'])]
  const run = await server.run([steps], { budget: { ...budget, tokens: 150 } })
  const paused = await server.reaches(run, 'paused')
  expect(statesOf(paused)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'proposed' })
  expect(paused.actions[1]?.cost).toEqual({ tokens: 40, money: { currency: 'USD', micros: 400 } })
  expect(paused.budgetUse).toEqual({
    used: { actions: 2, timeMs: expect.any(Number), tokens: 70, USD: 700 },
    reserved: {},
    renewals: 0,
  })
  const reason = 'the budget of the run leaves no room for what the action may take of tokens'
  expect(paused.pauseReason).toBe(reason)
  const entries = await server.journal.readRun(run)
  expect(entries.at(-1)?.payload).toEqual({ reason, budget: 'run' })
  await server.orchestrator.resume(OWNER, run)
  const ended = await server.reaches(run, 'success')
  expect(ended).not.toHaveProperty('pauseReason')
  expect(ended.budgetUse).toMatchObject({ used: { tokens: 120, USD: 1_200 }, reserved: {}, renewals: 1 })
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('a run whose budget says so fails where it is reached, before the action', async () => {
  const money = { currency: 'USD', micros: 5_100 }
  const run = await server.run([[ask('a', 20), ask('b', 1, ['a'])]], {
    budget: { ...budget, money, onReached: 'fail' },
  })
  const failed = await server.reaches(run, 'fail')
  expect(failed.error).toMatchObject({ code: 'budget_reached', message: expect.stringContaining('USD') })
  expect(failed.budgetUse).toMatchObject({ used: { actions: 1, tokens: 20, USD: 200 }, reserved: {} })
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('money in a currency that the budget does not hold is not spent: the run asks, or fails, as is declared', async () => {
  const money = { currency: 'EUR', micros: 9_000_000 }
  const failing = await server.run([[ask('a', 20)]], { budget: { ...budget, money, onReached: 'fail' } })
  const { error } = await server.reaches(failing, 'fail')
  const message = 'the budget of the run holds no USD, which the action may cost'
  expect(error).toEqual({ code: 'budget_currency', message })
  expect(await server.replayer.replay(OWNER, failing)).toMatchObject({ outcome: 'same' })
  const asking = await server.run([[ask('a', 20)]], { budget: { ...budget, money } })
  expect((await server.reaches(asking, 'paused')).pauseReason).toBe(message)
  await server.orchestrator.resume(OWNER, asking)
  expect((await server.reaches(asking, 'paused')).pauseReason).toBe(message)
  const set = { money: { currency: 'USD', micros: 5_000 } }
  expect(await server.orchestrator.resume(OWNER, asking, set)).toMatchObject({ state: 'running' })
  const gone = await server.reaches(asking, 'success')
  expect(gone).toMatchObject({ budget: set, budgetUse: { used: { tokens: 20, USD: 200 }, renewals: 0 } })
  const resumed = (await server.journal.readRun(asking)).findLast(({ header }) => header.kind === 'run.resumed')
  expect(resumed).toMatchObject({ header: { actor: OWNER.id }, payload: { budget: set } })
  expect(await server.replayer.replay(OWNER, asking)).toMatchObject({ outcome: 'same' })
  const other = { ...budget, tokens: 500, onReached: 'fail' as const }
  await server.reaches(await server.run([[ask('a', 20)]], { budget: other }), 'success')
})

it('what a person sets is what the run may use altogether; it stops there again, and may be made to fail', async () => {
  const steps = [ask('a', 60), ask('b', 60, ['a']), ask('c', 60, ['b'])]
  const run = await server.run([steps], { budget: { ...budget, tokens: 100 } })
  const { actions } = await server.reaches(run, 'paused')
  expect(actions.map(({ state }) => state)).toEqual(['succeeded', 'proposed', 'proposed'])
  await server.orchestrator.resume(OWNER, run, { tokens: 160 })
  const again = await server.reaches(run, 'paused')
  expect(again).toMatchObject({ budget: { tokens: 160 }, budgetUse: { used: { tokens: 120 }, renewals: 0 } })
  await server.orchestrator.resume(OWNER, run, { onReached: 'fail' })
  const failed = await server.reaches(run, 'fail')
  expect(failed).toMatchObject({ error: { code: 'budget_reached' }, budget: { tokens: 160, onReached: 'fail' } })
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('a run without a budget of its own can not be given one, and nothing changes', async () => {
  const run = await server.run([[{ id: 'w', skill: 'wait.signal', input: { name: 'go' } }]])
  await server.orchestrator.pause(OWNER, run)
  const set = server.orchestrator.resume(OWNER, run, { tokens: 1 })
  await expect(set).rejects.toMatchObject({ code: 'run_without_budget' })
  expect((await server.orchestrator.show(OWNER, run)).state).toBe('paused')
  await server.orchestrator.cancel(OWNER, run)
})

import type { EntryKind } from '@azora/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Server } from '../support/server.ts'
import { startSkillServer } from '../support/skill-server.ts'

const MAKE = `
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'big.make',
  version: '1.0.0',
  title: 'Make',
  description: 'Answers as many bytes as it is asked for.',
  input: z.object({ bytes: z.int(), taken: z.array(z.string()).optional() }),
  output: z.object({ text: z.string() }),
  effects: ['read'],
  idempotent: true,
  workspace: 'none',
  limits: { outputBytes: 16_777_216 },
  run: ({ bytes }) => ({ text: 'x'.repeat(bytes) }),
})
`
const MIB = 1024 * 1024
let server: Server
let close = async (): Promise<void> => {}

beforeAll(async () => {
  ;({ server, close } = await startSkillServer('large-inline', { 'skills/big.make.skill.ts': MAKE }))
})
afterAll(() => close())

/** Tries again whatever went wrong, as far as a caller can ask for it. */
const retry = { attempts: 5, firstMs: 5, retryable: ['limit_output', 'input_too_large', 'request_too_large'] }
const make = (id: string, bytes: number, more: object = {}) => ({
  id,
  skill: 'big.make',
  input: { bytes, ...more },
  retry,
})
const endOf = async (steps: object[]) => {
  const runId = await server.run([steps], { input: { outputs: {} } })
  const { actions } = await server.until(runId, ({ finishedAt }) => finishedAt !== undefined)
  const kinds = (await server.journal.readRun(runId)).map(({ header }) => header.kind)
  return { actions, count: (kind: EntryKind) => kinds.filter((other) => other === kind).length }
}

it('an output that is larger than goes inline fails its action at the first attempt', async () => {
  const { actions, count } = await endOf([make('record', 7 * MIB), make('limit', 20 * MIB)])
  expect(actions.map(({ state, error }) => [state, error?.code])).toEqual([
    ['failed', 'limit_output'],
    ['failed', 'limit_output'],
  ])
  expect(actions[0]?.error?.message).toContain(`larger than ${6 * MIB} bytes`)
  expect(count('action.verified')).toBe(2)
})

it('an input that is larger than goes inline is no action, whatever its retry policy says', async () => {
  const taken = ['a', 'b'].map((id) => ({ $step: id, $pointer: '/text' }))
  const steps = [make('a', 4 * MIB), make('b', 4 * MIB), { ...make('c', 1, { taken }), after: ['a', 'b'] }]
  const { actions, count } = await endOf(steps)
  expect(actions[2]).toMatchObject({ state: 'invalid', error: { code: 'input_too_large' } })
  expect(actions[2]?.error?.message).toContain(`goes inline up to ${6 * MIB}`)
  expect([count('action.invalid'), count('action.verified')]).toEqual([1, 2])
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOG, runRunner } from './testing/process.ts'

const COUNTER = join(CATALOG, 'agents/counter.agent.ts')
const runId = '0197a0e0-0000-7000-8000-000000000000'

const reason = (id: string, more: object = {}) => ({
  type: 'reason',
  id,
  runId,
  input: {},
  pattern: { upTo: 1 },
  turn: 0,
  observations: [],
  ...more,
})

async function converse(lines: Array<object | string>, argument = COUNTER) {
  const stdin = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const { stdout, ...ended } = await runRunner({ runner: 'agent', argument, stdin })
  const said = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { ...ended, said }
}

describe('the agent runner', () => {
  it('recognizes, proposes and concludes', async () => {
    const observations = [{ stepId: 'echo-0', skill: 'test.echo', state: 'succeeded', output: { text: '0' } }]
    const { said, status, stderr } = await converse([
      { type: 'recognize', id: '1', runId, input: { upTo: 1 } },
      reason('2'),
      reason('3', { turn: 1, observations }),
    ])
    const byId = said.toSorted((a, b) => a.id.localeCompare(b.id))
    expect(byId).toEqual([
      { type: 'recognized', id: '1', pattern: { upTo: 1, bulk: '' } },
      {
        type: 'plan',
        id: '2',
        plan: { steps: [{ id: 'echo-0', skill: 'test.echo', input: { text: '0' }, after: [] }] },
        note: 'turn 0',
      },
      { type: 'done', id: '3', goal: 'reached', outputs: [{ text: '0' }] },
    ])
    expect(stderr).toContain('thinking aloud')
    expect(status).toBe(0)
  })

  it('answers one question while another is open', async () => {
    const { said } = await converse([
      reason('first', { input: { gate: 'wait' } }),
      reason('second', { input: { gate: 'open' } }),
    ])
    expect(said.map(({ id }) => id).toSorted()).toEqual(['first', 'second'])
  })

  it.each([
    ['an exception', reason('1', { pattern: { upTo: -1 } }), 'can not count down'],
    ['input that the agent does not take', reason('1', { input: { upTo: 'x' } }), 'the input is not valid'],
    ['a message of no known type', { type: 'act', id: '1' }, 'not part of the protocol'],
    ['a message without a run', { type: 'recognize', id: '1', input: {} }, 'not part of the protocol'],
  ])('makes %s an error message', async (_what, message, text) => {
    const { said } = await converse([message])
    expect(said).toEqual([{ type: 'error', id: '1', message: expect.stringContaining(text) }])
  })

  it('goes on after lines that are no messages', async () => {
    const { said } = await converse(['nonsense', '{}', reason('1')])
    expect(said.map(({ type }) => type)).toEqual(['plan'])
  })

  it('refuses to send more than a line may hold', async () => {
    const { said } = await converse([{ type: 'recognize', id: '1', runId, input: { bulk: 4_194_304 } }])
    expect(said).toEqual([{ type: 'error', id: '1', message: expect.stringContaining('longer than 4194304 bytes') }])
  })

  it('ends when a line is longer than it may be', async () => {
    const { said, status, stderr } = await converse(['x'.repeat(4_194_305), reason('1')])
    expect(said).toEqual([])
    expect(status).toBe(1)
    expect(stderr).toContain('a line is longer than 4194304 bytes')
  })

  it('ends when the module is no agent', async () => {
    const { status, stderr } = await converse([], join(CATALOG, 'skills/echo.skill.ts'))
    expect(status).toBe(1)
    expect(stderr).toContain('the default export is no agent')
  })
})

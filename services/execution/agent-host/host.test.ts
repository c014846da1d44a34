import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { digestOf, sha256Hex } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFindCode } from '../code/open.ts'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation } from '../isolation/port.ts'
import { AGENT } from '../testing/agents.ts'
import { marker, processesWith } from '../testing/processes.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { type AgentHost, createAgentHost } from './host.ts'
import { startAgentProcess } from './process.ts'

const SOON = { timeout: 15_000, interval: 20 }
const runId = randomUUID()
let project: TestProject
let isolation: Isolation
let host: AgentHost

beforeAll(async () => {
  project = await createTestProject({ 'agents/thinker.agent.ts': AGENT })
  isolation = await createIsolation({ projectRoot: project.root })
})
afterAll(() => project.remove())
beforeEach(() => {
  host = openHost()
})
afterEach(() => host.close())

function openHost(): AgentHost {
  const findCode = openFindCode(project.root, join(project.dataDir, 'unpacked'))
  return createAgentHost({ isolation, projectRoot: project.root, findCode, log: silentLog })
}
const thinker = (tenant = 'default', version = '1.0.0') => ({
  agentId: 'thinker',
  version,
  tenant,
  entrypoint: 'agents/thinker.agent.ts',
  codeDigest: digestOf({ 'agents/thinker.agent.ts': sha256Hex(AGENT) }),
})
const recognize = (play: string, text = '', tenant?: string) =>
  host.recognize(thinker(tenant), { runId, input: { play, text } })

describe('an agent', () => {
  it('recognizes and reasons', async () => {
    const input = { play: 'answer', text: 'x' }
    const pattern = await host.recognize(thinker(), { runId, input })
    expect(pattern).toMatchObject({ asked: 1 })
    const observations = [{ stepId: 'a', skill: 'test.play', state: 'denied' as const }]
    const answer = await host.reason(thinker(), { runId, input, pattern, turn: 3, observations })
    expect(answer).toMatchObject({ type: 'done', goal: 'reached', outputs: { input, pattern, turn: 3, observations } })
  })

  it('sees neither data nor services nor the environment of the host', async () => {
    vi.stubEnv('AZORA_TEST_SECRET', 'do-not-tell')
    const hidden = [project.dataDir, join(project.root, 'services'), join(project.root, '.git'), '/etc/shadow']
    const catalog = join(project.root, 'catalog')
    const pattern = await recognize('look', [...hidden, catalog].join(' '))
    vi.unstubAllEnvs()
    expect(pattern).toMatchObject({ seen: [catalog] })
    expect(pattern).toMatchObject({ env: expect.not.arrayContaining(['AZORA_TEST_SECRET']) })
  })

  it('is one process for its runs, and another one for each tenant and version', async () => {
    expect(await recognize('answer')).toMatchObject({ asked: 1 })
    expect(await recognize('answer')).toMatchObject({ asked: 2 })
    expect(await recognize('answer', '', 'another-tenant')).toMatchObject({ asked: 1 })
    const newer = await host.recognize(thinker('default', '2.0.0'), { runId, input: { play: 'answer' } })
    expect(newer).toMatchObject({ asked: 1 })
  })

  it('that throws is told apart from one that breaks, and thinks on', async () => {
    await expect(recognize('throw')).rejects.toMatchObject({
      code: 'agent_failed',
      advice: 'fix',
      message: expect.stringContaining('too deep a thought'),
    })
    expect(await recognize('answer')).toMatchObject({ asked: 2 })
  })

  it.each([
    ['exit', 'agent_crashed', 'retry'],
    ['noise', 'agent_protocol', 'fix'],
    ['forge', 'agent_protocol', 'fix'],
    ['twice', 'agent_protocol', 'fix'],
    ['bytes', 'agent_protocol', 'fix'],
    ['flood', 'agent_protocol', 'fix'],
  ])('that plays %s fails with %s, also for the others that it serves, and starts anew', async (play, code, advice) => {
    const seconds = marker()
    const other = recognize('hang', seconds)
    const otherFailed = expect(other).rejects.toMatchObject({ code })
    await vi.waitFor(() => expect(processesWith(seconds)).not.toEqual([]), SOON)
    await expect(recognize(play)).rejects.toMatchObject({ code, advice })
    await otherFailed
    expect(await recognize('answer')).toMatchObject({ asked: 1 })
    await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), SOON)
  })

  it('is not asked what it could not read', async () => {
    await expect(recognize('answer', 'x'.repeat(5 * 1024 * 1024))).rejects.toMatchObject({
      code: 'agent_input_too_long',
      advice: 'fix',
    })
    expect(await recognize('answer')).toMatchObject({ asked: 1 })
  })

  it('that does not load has crashed', async () => {
    const codeDigest = await project.add('agents/broken.agent.ts', "throw new Error('never mind')\n")
    const broken = { ...thinker(), version: '1.0.1', entrypoint: 'agents/broken.agent.ts', codeDigest }
    await expect(host.recognize(broken, { runId, input: {} })).rejects.toMatchObject({ code: 'agent_crashed' })
  })

  it('is not asked with other code than was registered', async () => {
    const missing = { ...thinker(), entrypoint: 'agents/missing.agent.ts' }
    await expect(host.recognize(missing, { runId, input: {} })).rejects.toMatchObject({ code: 'agent_code_gone' })
    const changed = { ...thinker(), codeDigest: digestOf({ 'agents/thinker.agent.ts': sha256Hex(`${AGENT}\n`) }) }
    await expect(host.recognize(changed, { runId, input: {} })).rejects.toMatchObject({ code: 'agent_code_gone' })
  })
})

describe('the host', () => {
  it('ends every process when it closes', async () => {
    const seconds = marker()
    const thinking = expect(recognize('hang', seconds)).rejects.toMatchObject({ code: 'agent_crashed' })
    await vi.waitFor(() => expect(processesWith(seconds)).not.toEqual([]), SOON)
    await host.close()
    await thinking
    await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), SOON)
  })

  it('starts nothing once it is closed', async () => {
    const seconds = marker()
    const asked = expect(recognize('hang', seconds)).rejects.toMatchObject({ code: 'agent_crashed' })
    await host.close()
    await asked
  })

  it('runs a limited number of agents at a time, and makes room by ending idle ones', async () => {
    const seconds = marker()
    const thinking = Array.from({ length: 16 }, (_, tenant) => recognize('hang', seconds, `tenant-${tenant}`))
    const settled = Promise.allSettled(thinking)
    await vi.waitFor(() => expect(processesWith(`sleep\0${seconds}`)).toHaveLength(16), { timeout: 60_000 })
    await expect(recognize('answer', '', 'one-more')).rejects.toMatchObject({ code: 'overloaded', advice: 'retry' })
    await host.close()
    await settled
    host = openHost()
    for (let tenant = 0; tenant < 17; tenant += 1) await recognize('answer', '', `idle-${tenant}`)
  })
})

it('an agent that does not answer in time is ended', async () => {
  const seconds = marker()
  const runner = join(project.root, 'packages/sdk/runner/agent.ts')
  const module = join(project.root, 'catalog/agents/thinker.agent.ts')
  const process_ = startAgentProcess({ isolation, log: silentLog, answerMsMax: 1_000 }, 'thinker', [
    process.execPath,
    runner,
    module,
  ])
  const asking = process_.ask({ type: 'recognize', id: 'a', runId, input: { play: 'hang', text: seconds } })
  await expect(asking).rejects.toMatchObject({ code: 'agent_timeout' })
  expect([process_.alive(), process_.busy()]).toEqual([false, 0])
  await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), SOON)
})

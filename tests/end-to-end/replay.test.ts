import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReplayReport, ReplaysResult } from '@azora/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { lastJson, ROOT, until } from '../support/cli.ts'
import { forbidSkill } from '../support/law.ts'
import { processesWith } from '../support/processes.ts'
import * as repositories from '../support/repositories.ts'
import { upForTests } from '../support/up.ts'

const { folder, cli } = upForTests('replay')
const draft = join(folder, 'draft')
const agents = join(folder, 'catalog/agents/repo-steward')
const module = join(agents, 'repo-steward.agent.ts')
let runId: string

beforeAll(async () => {
  mkdirSync(join(folder, 'repos'))
  const repository = repositories.javascript(join(folder, 'repos', 'steward'))
  const started = await cli.run(
    'run',
    'start',
    'repo-steward',
    '-i',
    `repository=${repository}`,
    '--write',
    repository,
    '--json',
  )
  runId = lastJson<{ runId: string }>(started).runId
  await cli.run('run', 'watch', runId)
  cpSync(join(ROOT, 'constitution'), draft, { recursive: true })
  writeFileSync(join(draft, 'articles', '99-no.cedar'), forbidSkill('tests.run', 'CRITICAL', 99))
  cpSync(join(ROOT, 'catalog'), join(folder, 'catalog'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_modules'),
  })
})

const replay = (...args: string[]) => cli.run('replay', ...args)
const size = async (): Promise<number> =>
  lastJson<{ journal: { size: number } }>(await cli.run('status', '--json')).journal.size

describe('azora replay', () => {
  it('makes every decision of a run again, in the sandbox of agents and under the law, and leaves no trace', async () => {
    const before = await size()
    const finished = await replay(runId, '--json')
    const report = lastJson<ReplayReport>(finished)
    expect(report).toMatchObject({ outcome: 'same', divergences: [], unreplayed: [], state: 'success' })
    expect(report.replayed).toMatchObject({ agent: expect.any(Number), verdict: expect.any(Number), output: 1 })
    expect(finished.code).toBe(0)
    expect((await replay(runId)).stdout).toContain('✓ the same decisions, all of them')
    expect(await size()).toBe(before)
  })

  it('lists what a draft of the law would have decided otherwise, and a version that is kept', async () => {
    const finished = await replay(runId, '--constitution', draft, '--json')
    const report = lastJson<ReplayReport>(finished)
    expect(finished.code).toBe(8)
    expect(report.against).toBe('constitution')
    expect(report.changes[0]).toMatchObject({
      from: 'allow',
      to: 'deny',
      skill: 'tests.run',
      after: [{ article: '99' }],
      hypothetical: false,
    })
    const { digest } = lastJson<{ digest: string }>(await cli.run('constitution', 'show', '--json'))
    const kept = await replay(runId, '--constitution', digest, '--json')
    expect(lastJson<ReplayReport>(kept)).toMatchObject({ outcome: 'same', changes: [], constitution: digest })
    const unknown = await replay(runId, '--constitution', 'f'.repeat(64))
    expect([unknown.code, unknown.stderr]).toEqual([5, expect.stringContaining('no constitution')])
  })

  it('asks a draft of the agent, with the modules that it imports, and shows where it goes another way', async () => {
    const same = await replay(runId, '--agent-module', module, '--json')
    expect(lastJson<ReplayReport>(same)).toMatchObject({ outcome: 'same', against: 'agent' })
    const source = readFileSync(join(agents, 'proposals.ts'), 'utf8')
    writeFileSync(join(agents, 'proposals.ts'), source.replace('Run the tests of the copy.', 'Run them.'))
    const finished = await replay(runId, '--agent-module', module)
    expect(finished.code).toBe(8)
    expect(finished.stdout).toContain('/note')
    expect(finished.stdout).toContain('"Run them."')
    const registered = await replay(runId, '--agent', 'repo-steward@1.0.0', '--json')
    expect(lastJson<ReplayReport>(registered)).toMatchObject({ outcome: 'same', agent: 'repo-steward@1.0.0' })
  })

  it('keeps a draft of an agent from everything', async () => {
    const url = JSON.parse(readFileSync(join(folder, 'data', 'server.json'), 'utf8')).url
    expect((await fetch(`${url}/healthz`)).ok).toBe(true)
    const spy = join(folder, 'spy.agent.ts')
    writeFileSync(
      spy,
      `import { readdirSync } from 'node:fs'
import { defineAgent } from '@azora/sdk'
import { z } from 'zod'
export default defineAgent({
  agentId: 'spy', version: '1.0.0', title: 'Spy', description: 'Looks around.', skills: [], input: z.any(),
  recognize: () => { try { return readdirSync(${JSON.stringify(folder)}) } catch (thrown) { return String(thrown) } },
  reason: async () => ({ done: { goal: 'missed', outputs: await fetch('${url}/healthz').then(String, (thrown) => String(thrown.cause)) } }),
})`,
    )
    const report = lastJson<ReplayReport>(await replay(runId, '--agent-module', spy, '--all', '--json'))
    const told = JSON.stringify(report.divergences)
    expect(told).toContain('ENOENT')
    expect(told).not.toContain('steward-data')
    expect(told).toMatch(/ENETUNREACH|ECONNREFUSED/)
  })

  it('replays everything that is on record', async () => {
    const finished = await replay('--all-recorded', '--since', '1h', '--json')
    expect(lastJson<ReplaysResult>(finished)).toMatchObject({ total: 1, same: 1, diverged: 0, failed: 0 })
    expect(finished.code).toBe(0)
    const text = await replay('--all-recorded', '--agent', 'repo-steward')
    expect(text.stdout).toMatch(/repo-steward@1\.0\.0 +1 +1 +0 +0 +0/)
  })

  it('is interrupted, and the server goes on', async () => {
    const name = `slow-${process.pid}.agent.ts`
    const slow = join(folder, name)
    const source = readFileSync(join(folder, 'spy.agent.ts'), 'utf8')
    writeFileSync(
      slow,
      source.replace(/recognize: .+/, 'recognize: () => new Promise(() => setInterval(() => {}, 1000)),'),
    )
    const { child, finished } = cli.start('replay', runId, '--agent-module', slow)
    const drafts = () => processesWith(name)
    // The command that names the draft is one of them.
    await until(() => drafts() > 1, 30_000, 'the draft to think')
    child.kill('SIGINT')
    expect((await finished).code).toBe(130)
    await until(() => drafts() === 0, 10_000, 'the draft to be gone')
    expect((await replay(runId)).code).toBe(0)
  })

  it.each([
    [[], 2],
    [['018f0000-0000-7000-8000-000000000001'], 5],
    [['RUN', '--agent', 'repo-steward@9.9.9'], 5],
    [['RUN', '--without-agent', '--agent', 'repo-steward@1.0.0'], 2],
  ])('says what is wrong with %j', async (args, code) => {
    const finished = await replay(...args.map((arg) => (arg === 'RUN' ? runId : arg)))
    expect(finished.stderr).toMatch(/✗ .+/)
    expect(finished.code).toBe(code)
  })
})

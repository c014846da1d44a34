import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Json, RunDetail } from '@azora/contracts'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { createCheckout } from '../support/checkout.ts'
import { createCli, lastJson, until } from '../support/cli.ts'
import { killHard } from '../support/processes.ts'
import { upForTests } from '../support/up.ts'

const SCHEMAS = 'input: z.object({}), output: z.json()'

/** A skill in a process, with a workspace, and one in an engine; both say what a module of theirs says. */
const skillsOf = (version: string, word: string): Record<string, string> => ({
  'lib/word.ts': `export const word: string = ${JSON.stringify(word)}\n`,
  'skills/say.skill.ts': `
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { word } from '../lib/word.ts'
export default defineSkill({
  skillId: 'test.say', version: '${version}', title: 'Say', description: 'Says a word.',
  ${SCHEMAS}, effects: ['write'], idempotent: true, workspace: 'write',
  run(_input, { workspace }) {
    appendFileSync(join(workspace, 'said'), word + ' ')
    return readFileSync(join(workspace, 'said'), 'utf8')
  },
})
`,
  'skills/think.skill.ts': `
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { word } from '../lib/word.ts'
export default defineSkill({
  skillId: 'test.think', version: '${version}', title: 'Think', description: 'Thinks a word.',
  ${SCHEMAS}, effects: ['none'], idempotent: true, workspace: 'none', driver: 'pure',
  run: () => word,
})
`,
})

/** Says and thinks, waits for a signal, does both again, and says which of its versions concluded. */
const agentOf = (version: string, word: string): Record<string, string> => ({
  'agents/talker.agent.ts': `
import { defineAgent } from '@azora/sdk'
import { z } from 'zod'
const both = (name, after = []) => [
  { id: 'say-' + name, skill: 'test.say', input: {}, after },
  { id: 'think-' + name, skill: 'test.think', input: {}, after },
]
export default defineAgent({
  agentId: 'talker', version: '${version}', title: 'Talker', description: 'Talks.',
  skills: ['test.say', 'test.think'], input: z.object({}),
  recognize: () => null,
  reason({ turn, observations }) {
    if (turn === 0) return { steps: [...both('first'), { id: 'word', skill: 'wait.signal', input: { name: 'go' } }] }
    if (turn === 1) return { steps: both('second') }
    const said = Object.fromEntries(observations.map(({ stepId, output }) => [stepId, output ?? null]))
    return { done: { goal: 'reached', outputs: { ...said, agent: '${word}' } } }
  },
})
`,
})
const catalogOf = (version: string, word: string) => ({ ...skillsOf(version, word), ...agentOf(version, word) })

const checkout = createCheckout('pinned-checkout', catalogOf('1.0.0', 'old'))
// Hooks behind the tests go from the last to the first.
afterAll(() => checkout.remove())
const { folder, dataDir, cli, restart } = upForTests('pinned', {}, checkout.root)
const kept = join(dataDir, 'code')

/** A server that is killed, and one that finds this catalogue. */
async function restartWith(files: Record<string, string>): Promise<void> {
  killHard('server', dataDir)
  await restart(() => checkout.write(files))
}

const show = async (runId: string): Promise<RunDetail> =>
  RunDetail.parse(lastJson<Json>(await cli.run('run', 'show', runId, '--json')))

async function reaches(runId: string, test: (run: RunDetail) => boolean): Promise<RunDetail> {
  let run = await show(runId)
  await until(
    async () => {
      run = await show(runId)
      return test(run)
    },
    60_000,
    `run ${runId}`,
  ).catch((thrown: Error) => {
    throw new Error(`${thrown.message}: ${JSON.stringify(run)}`)
  })
  return run
}

/** Asks for a run over HTTP, under a key. */
async function ask(key: string, request: object = {}): Promise<{ status: number; runId?: string; code?: string }> {
  const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'))
  const response = await fetch(`${url}/api/v1/orchestrator/manage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      authorization: `Bearer ${readFileSync(join(dataDir, 'owner.token'), 'utf8').trim()}`,
    },
    body: JSON.stringify({ operation: 'create', agentId: 'talker', ...request }),
  })
  return { status: response.status, ...((await response.json()) as object) }
}

const isWaiting = ({ actions }: RunDetail): boolean =>
  actions.filter(({ state }) => state === 'succeeded').length === 2 && actions.some(({ state }) => state === 'waiting')

async function startRun(): Promise<string> {
  const { runId } = lastJson<{ runId: string }>(await cli.run('run', 'start', 'talker', '--json'))
  await reaches(runId, isWaiting)
  return runId
}

async function letGoOn(runId: string): Promise<RunDetail> {
  await cli.run('run', 'signal', runId, 'go')
  return reaches(runId, ({ finishedAt, state }) => finishedAt !== undefined || state === 'paused')
}

const outputsOf = (word: string, first = word) => ({
  ...{ 'say-first': `${first} `, 'think-first': first },
  ...{ 'say-second': `${first} ${word} `, 'think-second': word, agent: word },
})
/** How a module is kept that has this word. */
const wordIn = (word: string): string => Buffer.from(skillsOf('', word)['lib/word.ts'] ?? '').toString('base64')
const expectReplay = async (runId: string): Promise<void> => {
  const replayed = await cli.run('replay', runId)
  expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0)
}

describe('a run in flight', () => {
  it('stays on the versions of its agent and skills, and their code, when newer ones come', async () => {
    const old = await startRun()
    const asked = await ask('key')
    await reaches(asked.runId ?? '', isWaiting)
    await restartWith(catalogOf('1.1.0', 'new'))
    expect(await ask('key')).toEqual(asked)
    expect(await ask('key', { agentVersion: '1.1.0' })).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    const fresh = await startRun()
    expect(await letGoOn(old)).toMatchObject({ state: 'success', agentVersion: '1.0.0', outputs: outputsOf('old') })
    expect(await letGoOn(asked.runId ?? '')).toMatchObject({ state: 'success', agentVersion: '1.0.0' })
    expect(await letGoOn(fresh)).toMatchObject({ state: 'success', agentVersion: '1.1.0', outputs: outputsOf('new') })
    await expectReplay(old)
    await expectReplay(fresh)
  })

  it('stays on them when their code changes under the same version, of which no new run begins', async () => {
    const run = await startRun()
    await restartWith(catalogOf('1.1.0', 'forged'))
    const refused = await cli.run('run', 'start', 'talker')
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('there is no agent talker') })
    expect(await letGoOn(run)).toMatchObject({ state: 'success', outputs: outputsOf('new') })
    await restartWith(catalogOf('1.1.0', 'new'))
  })

  it('stays on them when a server that runs sees other code', async () => {
    const run = await startRun()
    checkout.write(catalogOf('1.1.0', 'careless'))
    expect(await letGoOn(run)).toMatchObject({ state: 'success', outputs: outputsOf('new') })
    checkout.write(catalogOf('1.1.0', 'new'))
  })

  it('stays on them on a node with another catalogue, which fetches the code, unless it is to have its own alone', async () => {
    const url = lastJson<{ url: string }>({
      code: 0,
      stderr: '',
      stdout: readFileSync(join(dataDir, 'server.json'), 'utf8'),
    }).url
    const token = join(folder, 'far.token')
    await cli.run('nodes', 'add', 'far', '--out', token)
    const other = createCheckout('pinned-far', catalogOf('2.0.0', 'other'))
    mkdirSync(join(folder, 'far'))
    const far = createCli(join(folder, 'far'), {}, other.root)
    const startNode = (...more: string[]) =>
      far.start(
        ...['node', '--name', 'far', '--shard', 'far', '--url', `${url.replace('http', 'ws')}/api/v1/nodes/connect`],
        ...['--token-file', token, '--journal-key-file', join(dataDir, 'keys/journal.vkey'), '--drain', '0', ...more],
      )
    onTestFinished(async () => {
      await far.stop()
      other.remove()
    })
    const own = startNode('--own-code')
    const { runId } = lastJson<{ runId: string }>(await cli.run('run', 'start', 'talker', '--shard', 'far', '--json'))
    expect(JSON.stringify(await reaches(runId, ({ state }) => state === 'paused'))).toContain('needs test.')
    own.child.kill('SIGTERM')
    await own.finished
    startNode()
    await cli.run('run', 'resume', runId)
    await reaches(runId, isWaiting)
    expect(await letGoOn(runId)).toMatchObject({ state: 'success', outputs: outputsOf('new') })
  })

  it('pauses when its code is really gone, says so, and goes on when it is back', async () => {
    const run = await startRun()
    const packs = readdirSync(kept).map((name) => [join(kept, name), readFileSync(join(kept, name), 'utf8')] as const)
    killHard('server', dataDir)
    await restart(() => {
      for (const [path, text] of packs) {
        // The agent's is lost, those of the skills are tampered with.
        if (text.includes('agents/talker')) rmSync(path)
        else writeFileSync(path, text.replace(wordIn('new'), wordIn('bad')))
      }
      checkout.write(catalogOf('1.2.0', 'newest'))
    })
    const paused = await letGoOn(run)
    expect(paused).toMatchObject({ state: 'paused' })
    expect(JSON.stringify(paused)).toContain('agent talker@1.1.0')
    await restartWith({ ...catalogOf('1.2.0', 'newest'), ...agentOf('1.1.0', 'new') })
    await cli.run('run', 'resume', run)
    const again = await reaches(run, ({ state, actions }) => state === 'paused' && actions.length > 3)
    expect(JSON.stringify(again)).toContain('needs test.')
    await restartWith(catalogOf('1.1.0', 'new'))
    await cli.run('run', 'resume', run)
    expect(await reaches(run, ({ finishedAt }) => finishedAt !== undefined)).toMatchObject({
      state: 'success',
      outputs: outputsOf('new'),
    })
    await expectReplay(run)
  }, 240_000)

  it('is moved to newer skills by people, and is what old code is kept for', async () => {
    const run = await startRun()
    await restartWith(catalogOf('1.3.0', 'last'))
    const modules = (): string =>
      readdirSync(kept)
        .map((name) => readFileSync(join(kept, name), 'utf8'))
        .join('\n')
    expect(await cli.run('run', 'pause', run)).toMatchObject({ code: 0 })
    expect(await cli.run('run', 'migrate', run)).toMatchObject({ code: 2 })
    expect(await cli.run('run', 'migrate', run, '--skills', '--reason', 'a flaw')).toMatchObject({ code: 0 })
    expect(modules()).toContain(wordIn('new'))
    await cli.run('run', 'resume', run)
    const outputs = { ...outputsOf('last', 'new'), agent: 'new' }
    expect(await letGoOn(run)).toMatchObject({ state: 'success', agentVersion: '1.1.0', outputs })
    await expectReplay(run)
    await restartWith(catalogOf('1.3.0', 'last'))
    await until(() => !modules().includes(wordIn('new')), 10_000, 'old code to go')
    expect(modules()).toContain(wordIn('last'))
  })
})

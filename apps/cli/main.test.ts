import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { azora } from './launch/azora-process.ts'
import { type ApiOptions, type ApiServer, problem, startApiServer, TOKEN } from './testing/api-server.ts'
import { RUN, type TestLog } from './testing/log.ts'
import { endedStewardRun } from './testing/steward-run.ts'

let dir: string
let api: ApiServer | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azora-cli-'))
})
afterEach(async () => {
  api?.close()
  await rm(dir, { recursive: true, force: true })
})

/** A data directory of a running instance, as the server leaves it. */
async function serve(log: TestLog, answers: ApiOptions['answers'] = {}): Promise<NodeJS.ProcessEnv> {
  api = await startApiServer({ log, answers })
  await mkdir(join(dir, 'keys'))
  const server = { pid: process.pid, url: api.url, version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' }
  await writeFile(join(dir, 'server.json'), JSON.stringify(server))
  await writeFile(join(dir, 'owner.token'), `${TOKEN}\n`, { mode: 0o600 })
  await writeFile(join(dir, 'keys', 'journal.vkey'), `${log.key}\n`)
  return { AZORA_DATA_DIR: dir }
}

describe('exit codes', () => {
  test.each([
    ['0 for help', ['run', 'start', '--help'], 0],
    ['2 for no command', [], 2],
    ['2 for an unknown command', ['fly'], 2],
    ['2 for an unknown option', ['run', 'list', '--colour'], 2],
    ['2 for a wrong run id', ['run', 'show', 'last'], 2],
    ['3 when no server runs', ['status'], 3],
    ['2 for a repository that is not there', ['demo', '--repo', '/nowhere/at/all'], 2],
  ])('%s', async (_, args, exit) => {
    const { exit: got, stderr } = await azora(args, { AZORA_DATA_DIR: dir })
    expect({ got, trace: /\n\s+at /.test(stderr) }).toEqual({ got: exit, trace: false })
  })

  test.each([
    [['run', 'shw'], "unknown command 'shw' (Did you mean show?)"],
    [['run', 'show'], "missing required argument 'run'"],
    [[], 'a command is missing'],
    [['run', 'list', '--since', 'yesterday'], '--since yesterday is no date, no time and no duration'],
  ])('with --json, what is wrong with %j is one JSON object', async (args, message) => {
    const { exit, stderr } = await azora([...args, '--json'], { AZORA_DATA_DIR: dir })
    expect([exit, JSON.parse(stderr)]).toMatchObject([2, { error: { code: 'usage', message } }])
  })

  test.each([
    [401, 4],
    [403, 4],
    [404, 5],
    [409, 6],
    [422, 2],
    [500, 70],
  ])('an answer %d gives %d, with its remedy on a line', async (status, exit) => {
    const body = { ...problem(status, 'some_code', 'Do this instead.'), detail: 'what happened' }
    const env = await serve(endedStewardRun(), { 'POST /api/v1/orchestrator/manage': { status, body } })
    const { exit: got, stderr } = await azora(['run', 'cancel', RUN], env)
    expect({ got, stderr }).toEqual({ got: exit, stderr: '✗ what happened\n  Do this instead.\n' })
  })

  test('a server that is gone gives 3', async () => {
    const env = await serve(endedStewardRun())
    api?.close()
    const { exit, stderr } = await azora(['agent', 'list'], env)
    expect(exit).toBe(3)
    expect(stderr).toContain('Start it with ./azora up')
  })

  test('errors are JSON with --json', async () => {
    const { stdout, stderr } = await azora(['status', '--json'], { AZORA_DATA_DIR: dir })
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_running', remedy: expect.any(String) } })
  })
})

describe('the token', () => {
  test("of the owner isn't sent to another server", async () => {
    const env = await serve(endedStewardRun())
    const other = await startApiServer({ log: endedStewardRun() })
    const { exit } = await azora(['run', 'list', '--url', other.url], env)
    other.close()
    expect({ exit, requests: other.requests }).toEqual({ exit: 4, requests: [] })
  })

  test('is taken for the local server named by its URL', async () => {
    const env = await serve(endedStewardRun())
    const { exit, stdout } = await azora(['run', 'list', '--json'], { ...env, AZORA_URL: api?.url })
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ id: RUN, state: 'success' }] })
  })
})

describe('runs', () => {
  test('start sends input and scope', async () => {
    const env = await serve(endedStewardRun())
    const args = [
      'run',
      'start',
      'repo-steward',
      '--input',
      '@-',
      '-i',
      'depth=3',
      '-i',
      'name=x',
      '--read',
      'here',
      '--host',
      'GitHub.com',
      '--json',
    ]
    const { stdout } = await azora(args, env, '{"repository": "/srv/app", "depth": 1}')
    expect(JSON.parse(stdout)).toEqual({ runId: RUN, state: 'scheduled' })
    expect(api?.requests.at(-1)?.body).toEqual({
      operation: 'create',
      agentId: 'repo-steward',
      input: { repository: '/srv/app', depth: 3, name: 'x' },
      scope: { read: [join(process.cwd(), 'here')], write: [], hosts: ['github.com'] },
    })
  })

  test('watch tells the run in lines, without colours or cursor movement', async () => {
    const env = await serve(endedStewardRun())
    const { exit, stdout } = await azora(['run', 'watch', RUN], env)
    expect(exit).toBe(0)
    expect(stdout).toMatchSnapshot()
  })

  test('watch --json gives one entry a line', async () => {
    const log = endedStewardRun()
    const { stdout } = await azora(['run', 'watch', RUN, '--json'], await serve(log))
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(log.entries)
  })

  test('watch gives 1 when the run fails', async () => {
    const log = endedStewardRun()
    log.entries.pop()
    log.add('run.failed', { error: { code: 'output_denied', message: 'the output holds a secret' } }, 'fail')
    const { exit, stdout } = await azora(['run', 'watch', RUN], await serve(log))
    expect(exit).toBe(1)
    expect(stdout).toContain('the output holds a secret')
  })

  test('evidence is written and verified', async () => {
    const env = await serve(endedStewardRun())
    const file = join(dir, 'bundle.intoto.jsonl')
    const { exit, stdout } = await azora(['run', 'evidence', RUN, '-o', file, '--json'], env)
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ file, verified: true, trusted: true })
    expect(await azora(['audit', 'verify', file], env)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('the evidence verifies'),
    })
  })
})

/** The bundle with other words in its first statement, which nobody signed. */
function rewritten(bundle: Uint8Array, before: string, after: string): string {
  const [first = '', ...others] = new TextDecoder().decode(bundle).split('\n')
  const envelope = JSON.parse(first)
  const statement = Buffer.from(envelope.payload, 'base64').toString().replace(before, after)
  return [JSON.stringify({ ...envelope, payload: Buffer.from(statement).toString('base64') }), ...others].join('\n')
}

describe('audit verify', () => {
  test('finds an altered bundle', async () => {
    const log = endedStewardRun()
    const file = join(dir, 'bundle.intoto.jsonl')
    await writeFile(file, rewritten(log.bundle(), 'wrote a report', 'wrote a poem'))
    const { exit, stdout } = await azora(['audit', 'verify', file, '--trusted-key', log.key], { AZORA_DATA_DIR: dir })
    expect(exit).toBe(7)
    expect(stdout).toContain('was altered')
  })

  test('refuses a bundle that another key signed', async () => {
    const file = join(dir, 'bundle.intoto.jsonl')
    await writeFile(file, endedStewardRun().bundle())
    const { exit } = await azora(['audit', 'verify', file, '--trusted-key', endedStewardRun().key], {
      AZORA_DATA_DIR: dir,
    })
    expect(exit).toBe(7)
  })

  test.each([
    [['--trusted-key', 'x'], 'the trusted key is not a verifier key'],
    [['--owner-key', 'x'], "the owner's key is not a verifier key"],
    [['--witness', 'x'], 'this is not the key of a witness'],
    [['--witness-policy', 'no-such-file'], 'there is no file no-such-file'],
    [['--witness', 'x', '--witness-policy', 'y'], 'exclude each other'],
    [['--checkpoint', 'x'], 'are about the whole log'],
  ])('refuses %j, and says why', async (args, message) => {
    const file = join(dir, 'bundle.intoto.jsonl')
    await writeFile(file, endedStewardRun().bundle())
    const { exit, stderr } = await azora(['audit', 'verify', file, ...args], { AZORA_DATA_DIR: dir })
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) })
  })

  test('writes itself as one file', async () => {
    const file = join(dir, 'azora-verify.mjs')
    const { exit, stdout } = await azora(['audit', 'verifier', '-o', file, '--json'], {})
    expect(exit).toBe(0)
    const { size } = await stat(file)
    expect(JSON.parse(stdout)).toEqual({ file, bytes: size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await azora(['audit', 'verifier', '-o', dir], {})).toMatchObject({ exit: 2 })
  })

  test('says so when nobody vouches for the key', async () => {
    const file = join(dir, 'bundle.intoto.jsonl')
    await writeFile(file, endedStewardRun().bundle())
    const { exit, stdout } = await azora(['audit', 'verify', file], { AZORA_DATA_DIR: dir })
    expect(exit).toBe(0)
    expect(stdout).toContain('it was not checked whose it is')
  })
})

describe('demo', () => {
  test('--json prints one object, and asks for the repository only', async () => {
    const env = await serve(endedStewardRun())
    const repository = join(dir, 'no-repository')
    await mkdir(repository)
    const { exit, stdout, stderr } = await azora(['demo', '--repo', repository, '--once', '--json'], env)
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining('the evidence verifies') })
    expect(JSON.parse(stdout)).toEqual({
      runId: RUN,
      state: 'success',
      actions: [
        { skill: 'git.clone', effects: ['read'], verdict: 'allow', state: 'succeeded' },
        { skill: 'git.rewrite-branch', effects: ['destructive'], verdict: 'deny', state: 'denied' },
      ],
      denied: 1,
      branch: `azora/${RUN}`,
      evidence: { verified: true },
      elapsedMs: expect.any(Number),
    })
    const created = api?.requests.find(({ path }) => path === '/api/v1/orchestrator/manage')
    expect(created?.body).toMatchObject({
      input: { repository },
      scope: { read: [repository], write: [repository], hosts: [] },
    })
  })

  test('gives 7 when the evidence was signed by another key', async () => {
    const env = await serve(endedStewardRun())
    await writeFile(join(dir, 'keys', 'journal.vkey'), endedStewardRun().key)
    const { exit, stdout } = await azora(['demo', '--repo', dir, '--json'], env)
    expect(exit).toBe(7)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'success', evidence: { verified: false } })
  })
})

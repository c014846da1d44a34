import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isProvedBy, leafHash, openCheckpoint, parseEntryBundle, parseTlogProof, parseVerifier } from '@azora/proof'
import { type Client, createClient, localServer, ownerToken } from '@azora/sdk/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { lastJson, until } from '../support/cli.ts'
import { decisionOf, person } from '../support/people.ts'
import { processesWith } from '../support/processes.ts'
import * as repositories from '../support/repositories.ts'
import { upForTests } from '../support/up.ts'

const { folder, dataDir, cli } = upForTests('platform')
let client: Client
let url: string
let token: string

beforeAll(async () => {
  mkdirSync(join(folder, 'repos'))
  url = (await localServer(dataDir))?.url ?? ''
  token = (await ownerToken(dataDir)) ?? ''
  client = createClient({ url, token })
})

const NOTHING = { read: [], write: [], hosts: [] }
const stateOf = async (runId: string): Promise<string> => (await client.run(runId)).state
const untilState = (runId: string, ...states: string[]) =>
  until(async () => states.includes(await stateOf(runId)), 30_000, `run ${runId} to be ${states.join(' or ')}`)
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  })
/** A run whose tests never end and hold on to life. */
async function startStubborn(mark: string): Promise<string> {
  const repository = join(folder, 'repos', mark)
  mkdirSync(repository)
  repositories.git(repository, 'init', '--quiet', '--initial-branch', 'main')
  const command = `sh -c "trap : TERM INT HUP; (setsid sleep ${mark} &); sleep ${mark}; sleep ${mark}"`
  writeFileSync(join(repository, 'azora.json'), JSON.stringify({ test: command }))
  repositories.git(repository, 'add', '--all')
  repositories.git(repository, 'commit', '--quiet', '--message', 'stubborn')
  const { runId } = await client.manage({
    operation: 'create',
    agentId: 'repo-steward',
    input: { repository },
    scope: { ...NOTHING, write: [repository] },
  })
  await until(() => processesWith(`sleep ${mark}`) >= 2, 30_000, 'the tests to run')
  return runId
}

describe('a second node', () => {
  it('serves its own shard, is drained, and goes when its token ends', async () => {
    const tokenFile = join(folder, 'eu-1.token')
    expect((await cli.run('nodes', 'add', 'eu-1', '--out', tokenFile)).code).toBe(0)
    expect((await cli.run('nodes', 'add', 'eu-1', '--out', `${tokenFile}.2`)).code).toBe(6)
    const start = () => {
      const own = join(folder, 'eu-1')
      mkdirSync(own, { recursive: true })
      const to = ['--url', `${url.replace('http', 'ws')}/api/v1/nodes/connect`, '--token-file', tokenFile]
      const key = ['--journal-key-file', join(dataDir, 'keys/journal.vkey'), '--data', own]
      return cli.start('node', '--name', 'eu-1', '--shard', 'eu', '--capacity', '2', ...to, ...key)
    }
    let node = start()
    const names = async () => (await client.nodes()).map(({ node, shard, state }) => `${node} ${shard} ${state}`).sort()
    await until(async () => (await names()).length === 2, 20_000, 'the second node')
    expect(await names()).toEqual(['eu-1 eu ready', 'local main ready'])

    const listed = async () => client.execute({ skillId: 'workspace.list', shard: 'eu' })
    const first = await listed()
    await untilState(first.runId, 'success')
    expect((await client.run(first.runId)).actions[0]?.node).toBe('eu-1')

    expect((await cli.run('nodes', 'drain', 'eu-1')).code).toBe(0)
    const second = await listed()
    node.child.kill('SIGTERM')
    expect((await node.finished).code).toBe(0)
    expect(await stateOf(second.runId)).toBe('running')
    node = start()
    await untilState(second.runId, 'success')

    expect((await cli.run('nodes', 'remove', 'eu-1')).code).toBe(0)
    await until(async () => (await names()).length === 1, 5_000, 'the second node to go')
    node.child.kill('SIGTERM')
    await node.finished
    expect((await cli.run('nodes', 'drain', 'eu-1')).code).toBe(5)
    expect((await cli.run('nodes', 'remove', 'local')).code).toBe(6)
  })
})

describe('what an action prints', () => {
  it('is shown while it runs, and kept byte for byte', async () => {
    const repository = join(folder, 'repos', 'chatty')
    mkdirSync(repository)
    repositories.git(repository, 'init', '--quiet', '--initial-branch', 'main')
    const command = 'echo one; echo two >&2; while [ ! -e go ]; do sleep 0.1; done; printf three'
    writeFileSync(join(repository, 'azora.json'), JSON.stringify({ test: command }))
    repositories.git(repository, 'add', '--all')
    repositories.git(repository, 'commit', '--quiet', '--message', 'chatty')
    const { runId } = await client.manage({
      operation: 'create',
      agentId: 'repo-steward',
      input: { repository },
      scope: { ...NOTHING, write: [repository] },
    })
    const watching = cli.run('run', 'output', runId, '--json')
    const workspace = join(dataDir, 'workspaces', runId, 'repo')
    await until(() => existsSync(workspace), 30_000, 'the clone')
    for await (const { text } of client.output(runId)) {
      if (text.includes('one')) writeFileSync(join(workspace, 'go'), '')
      if (text.includes('three')) break
    }
    await untilState(runId, 'success')
    const lines = (await watching).stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).text).join('')).toContain('three')

    const list = lastJson<{ items: Array<{ name: string; digest: string }> }>(
      await cli.run('artifact', 'list', runId, '--json'),
    )
    const stdout = list.items.find(({ name }) => name === 'stdout')
    const file = join(folder, 'printed')
    const got = await cli.run('artifact', 'get', runId, stdout?.digest.slice(0, 12) ?? '', '-o', file)
    expect([got.code, readFileSync(file, 'utf8')]).toEqual([0, 'one\nthree'])
    const missing = await cli.run('artifact', 'get', runId, 'f'.repeat(64), '-o', file)
    expect([missing.code, missing.stderr]).toEqual([5, expect.stringContaining('the run has no artifact')])
    const { actions } = await client.run(runId)
    expect(actions.find(({ skill }) => skill === 'tests.run')?.files?.items).toContainEqual(
      expect.objectContaining({ path: '/workspace/repo/go', change: 'added', bytes: 0 }),
    )
  })

  it('is taken only from a node that acts for the run, and only as what it is', async () => {
    const runId = await startStubborn('77703')
    const node = readFileSync(join(dataDir, 'keys/node.token'), 'utf8').trim()
    const put = (run: string, content: string, digest: string, as = node) =>
      fetch(`${url}/api/v1/runs/${run}/artifacts/${digest}`, {
        method: 'PUT',
        body: content,
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/octet-stream' },
      }).then(async (answer) => [answer.status, answer.ok ? '' : ((await answer.json()) as { code: string }).code])
    const digest = createHash('sha256').update('content').digest('hex')
    expect(await put(runId, 'content', digest)).toEqual([204, ''])
    expect(await put(runId, 'another', digest)).toEqual([400, 'artifact_mismatch'])
    expect(await put(randomUUID(), 'content', digest)).toEqual([403, 'not_performing'])
    expect(await put(runId, 'content', digest, token)).toEqual([403, 'forbidden'])
    await client.manage({ operation: 'cancel', runId })
    await untilState(runId, 'cancelled')
    expect(await put(runId, 'content', digest)).toEqual([403, 'not_performing'])
  })
})

describe('the journal', () => {
  it('proves an entry to who holds its header, and names nobody to a witness', async () => {
    const file = join(folder, 'first.tlog-proof')
    const proved = await cli.run('journal', 'prove', '0', '-o', file, '--json')
    expect(lastJson(proved)).toMatchObject({ index: 0, verified: true, trusted: true, file })
    const proof = parseTlogProof(readFileSync(file, 'utf8'))
    const verifier = parseVerifier(readFileSync(join(dataDir, 'keys/journal.vkey'), 'utf8'))
    const checkpoint = proof && verifier && openCheckpoint(proof.checkpoint, verifier)
    if (!checkpoint) expect.unreachable()
    const [header] = parseEntryBundle(await client.tile('main', 'tile/entries/000.p/1'), 1) ?? []
    expect(isProvedBy(proof, leafHash(header as Uint8Array), checkpoint)).toBe(true)
    const shown = await cli.run('journal', 'checkpoint', '--json')
    expect(lastJson<{ size: number }>(shown).size).toBeGreaterThanOrEqual(checkpoint.size)

    const identity = join(folder, 'w.identity')
    expect((await cli.run('identity', 'add', 'w', '--role', 'witness', '--out', identity)).code).toBe(0)
    expect((await cli.run('journal', 'prove', '0', '--identity', identity)).code).toBe(0)
    const witness = createClient({ url, token: JSON.parse(readFileSync(identity, 'utf8')).token })
    await expect(witness.tile('main', 'tile/entries/000.p/1')).rejects.toMatchObject({ problem: { code: 'forbidden' } })
    await expect(witness.runs()).rejects.toMatchObject({ problem: { code: 'forbidden' } })
    expect((await cli.run('identity', 'add', 'x', '--role', 'owner')).code).toBe(2)
  })
})

describe('a run', () => {
  it('is cancelled with its whole process tree', async () => {
    const runId = await startStubborn('77701')
    await client.manage({ operation: 'cancel', runId })
    await untilState(runId, 'cancelled')
    expect(processesWith('sleep 77701')).toBe(0)
    const { actions } = await client.run(runId)
    expect(actions.find(({ skill }) => skill === 'tests.run')?.state).toBe('cancelled')
  })

  it('is paused, resumed, cancelled and retried, and refuses what does not fit its state', async () => {
    const runId = await startStubborn('77702')
    await client.manage({ operation: 'pause', runId })
    expect(await stateOf(runId)).toBe('paused')
    await client.manage({ operation: 'resume', runId })
    expect(await stateOf(runId)).toBe('running')
    await expect(client.manage({ operation: 'retry', runId })).rejects.toMatchObject({
      problem: { code: 'run_not_ended' },
    })
    await client.manage({ operation: 'cancel', runId })
    await untilState(runId, 'cancelled')
    await expect(client.manage({ operation: 'resume', runId })).rejects.toMatchObject({ problem: { status: 409 } })
    const retried = await client.manage({ operation: 'retry', runId })
    expect((await client.run(retried.runId)).retryOf).toBe(runId)
    await client.manage({ operation: 'cancel', runId: retried.runId })
    await untilState(retried.runId, 'cancelled')
  })

  it('waits for people when the constitution says so, and does what they decide', async () => {
    const path = '/etc/azora-no-such-repository'
    const input = {
      repository: path,
      directory: 'repo',
      branch: 'azora/x',
      files: [{ path: 'a', content: 'a' }],
      message: 'm',
    }
    const { runId } = await client.execute({
      skillId: 'git.publish-branch',
      input,
      scope: { ...NOTHING, write: [path] },
    })
    await untilState(runId, 'awaiting_review')
    const [review] = (await client.reviews()).items.filter((item) => item.runId === runId)
    if (!review) throw new Error('no review')
    expect(review.input).toEqual(input)
    const alice = person('user:alice')
    const { token = '' } = await client.addPrincipal({ id: 'user:alice', roles: ['reviewer'], keys: [...alice.keys] })
    const reviewer = createClient({ url, token })
    const other = decisionOf(alice, review, 'approve', { actionDigest: '0'.repeat(64) })
    await expect(reviewer.decide(review.reviewId, other)).rejects.toMatchObject({
      problem: { code: 'review_of_other_arguments' },
    })
    await expect(reviewer.execute({ skillId: 'git.publish-branch', input })).rejects.toMatchObject({
      problem: { status: 403 },
    })
    await reviewer.decide(review.reviewId, decisionOf(alice, review, 'deny'))
    await untilState(runId, 'fail')
    const { actions } = await client.run(runId)
    expect(actions[0]).toMatchObject({ state: 'denied', error: { code: 'denied_in_review' } })
  })
})

describe('HTTP', () => {
  it.each(['/runs', '/status', '/skills', '/agents', '/reviews', `/runs/${randomUUID()}/events`, '/nodes/connect'])(
    'refuses %s without a token, on loopback too',
    async (path) => {
      for (const authorization of ['', 'Bearer nonsense', `Bearer azo_${'A'.repeat(43)}`]) {
        const response = await fetch(`${url}/api/v1${path}`, authorization ? { headers: { authorization } } : {})
        expect(response.status).toBe(401)
        expect(response.headers.get('content-type')).toContain('application/problem+json')
        expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 })
      }
    },
  )

  it.each([
    ['no JSON', '{', 'json_invalid'],
    ['a name twice', '{"operation":"resume","operation":"cancel"}', 'json_duplicate_key'],
    ['an unknown operation', { operation: 'destroy' }, 'invalid_request'],
    ['an unknown field', { operation: 'resume', runId: randomUUID(), extra: 1 }, 'invalid_request'],
    ['no run id', { operation: 'cancel', runId: '../../etc' }, 'invalid_request'],
    ['input that does not fit', { operation: 'create', agentId: 'repo-steward', input: {} }, 'invalid_input'],
  ])('answers a problem to %s', async (_what, body, code) => {
    const response = await post('/orchestrator/manage', body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code, type: `/problems/${code}` })
  })

  it('gives a repeated Idempotency-Key the first run, and refuses it for another request', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const call = { skillId: 'workspace.write-file', input: { path: 'a.txt', content: 'once' } }
    const answers = await Promise.all([1, 2, 3].map(async () => post('/orchestrator/execute', call, key)))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    const runs = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { runId: string }).runId))
    expect(new Set(runs).size).toBe(1)
    const other = await post('/orchestrator/execute', { ...call, input: { path: 'b.txt', content: 'twice' } }, key)
    expect(other.status).toBe(422)
    expect(await other.json()).toMatchObject({ code: 'idempotency_key_reused' })
  })

  /** The size of the log once the runs before have written all that they had to. */
  async function sizeAtRest(): Promise<number> {
    const sizeOf = async () => (await client.status()).journal.size
    for (let size = await sizeOf(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const later = await sizeOf()
      if (later === size) return size
      size = later
    }
  }

  it('verifies without doing or journaling anything', async () => {
    const before = await sizeAtRest()
    const verdict = await client.verify({ skillId: 'workspace.write-file', input: { path: 'a.txt', content: 'x' } })
    expect(verdict).toMatchObject({ verdict: 'allow', score: 100 })
    expect((await client.status()).journal.size).toBe(before)
  })

  it('streams a run from where the reader left off', async () => {
    const { runId } = await client.execute({ skillId: 'workspace.write-file', input: { path: 'c.txt', content: 'c' } })
    await untilState(runId, 'success')
    const all = (await client.entries(runId)).map(({ header }) => header.index)
    const from = all[2] ?? 0
    const response = await fetch(`${url}/api/v1/runs/${runId}/events`, {
      headers: { authorization: `Bearer ${token}`, 'last-event-id': String(from) },
    })
    const ids = [...(await response.text()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
    expect(ids).toEqual(all.filter((index) => index > from))
  })

  it('describes itself as OpenAPI 3.1', async () => {
    const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as { openapi: string; paths: object }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toContain('/api/v1/orchestrator/execute')
  })
})

describe('the data directory', () => {
  it('is for its owner alone', () => {
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    for (const file of ['owner.token', 'keys/journal.key', 'keys/node.token', 'server.json', 'postgres/password']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600)
    }
  })

  it('serves one server at a time', async () => {
    const second = await cli.run('up', '--port', '0')
    expect(second.code).toBe(6)
    expect(second.stderr).toContain('runs already')
  })
})

describe('the journal key', () => {
  it('is changed while everything goes on, and old and new key lead to the evidence', async () => {
    const old = join(folder, 'old.vkey')
    writeFileSync(old, readFileSync(join(dataDir, 'keys/journal.vkey')))
    const rotated = await cli.run('journal', 'rotate-key', '--overlap', '1', '--json')
    const { items } = lastJson<{ items: Array<{ key: string; state: string }> }>(rotated)
    expect(items.map(({ state }) => state)).toEqual(['retiring', 'active'])
    expect(readFileSync(join(dataDir, 'keys/journal.vkey'), 'utf8').trim()).toBe(items[1]?.key)
    await until(async () => (await client.journalKeys())[0]?.state === 'retired', 10_000, 'the overlap to end')
    const { runId } = await client.execute({ skillId: 'workspace.write-file', input: { path: 'k.txt', content: 'k' } })
    await untilState(runId, 'success')
    const file = join(folder, 'rotated.intoto.jsonl')
    expect((await cli.run('run', 'evidence', runId, '-o', file)).code).toBe(0)
    expect((await cli.run('audit', 'verify', file)).code).toBe(0)
    expect((await cli.run('audit', 'verify', file, '--trusted-key', `@${old}`)).code).toBe(0)
  })

  it('is changed by the owner alone', async () => {
    const headers = { authorization: `Bearer ${readFileSync(join(dataDir, 'keys/node.token'), 'utf8').trim()}` }
    expect((await post('/journal/rotate-key', {}, headers)).status).toBe(403)
    expect((await fetch(`${url}/api/v1/journal/keys`, { headers })).status).toBe(200)
  })
})

describe('the command line', () => {
  it('finds the server and the token by itself', async () => {
    expect(lastJson<{ status: string }>(await cli.run('status', '--json')).status).toBe('ok')
    expect((await cli.run('doctor')).code).toBe(0)
  })

  it('writes evidence that verifies without the server, and notices a change', async () => {
    const { runId } = await client.execute({ skillId: 'workspace.write-file', input: { path: 'd.txt', content: 'd' } })
    await untilState(runId, 'success')
    const file = join(folder, 'evidence.intoto.jsonl')
    expect((await cli.run('run', 'evidence', runId, '-o', file)).code).toBe(0)
    expect((await cli.run('audit', 'verify', file)).code).toBe(0)
    const bundle = await client.evidence(runId)
    const last = bundle.length - 100
    writeFileSync(file, bundle.with(last, bundle[last] === 65 ? 66 : 65))
    expect((await cli.run('audit', 'verify', file)).code).toBe(7)
  })
})

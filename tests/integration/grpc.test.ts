import { type GivenRole, GivenRole as GivenRoles, type JsonObject, type ReviewView, rpcs } from '@azora/contracts'
import { createIsolation } from '@azora/execution'
import { rolesThatMay } from '@azora/identity'
import { createClient } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-node'
import { credentials, status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { GrpcReflection } from 'grpc-js-reflection-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROTO_FILES } from '../../apps/server/rpc/descriptors.ts'
import { ROOT, until } from '../support/cli.ts'
import { bearer } from '../support/doors.ts'
import { type CallOptions, type GrpcClient, grpcClient, read } from '../support/grpc.ts'
import { plain, struct } from '../support/grpc-plain.ts'
import { startNode } from '../support/node-in-process.ts'
import { decisionOf, person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'

// A client of another make than the server's, over real sockets, and beside it the HTTP API of the same server.
const MISSING = '018f0000-0000-7000-8000-000000000000'
let platform: TestPlatform
let client: GrpcClient
let stopNode: () => Promise<void>
let owner: Record<string, string>

beforeAll(async () => {
  platform = await startPlatform()
  const { ownerToken, nodeToken, journalSigner, path } = platform.dataDir
  owner = bearer(ownerToken)
  client = grpcClient(platform.grpc, credentials.createInsecure(), ownerToken)
  stopNode = startNode({
    url: `${platform.url.replace('http', 'ws')}/api/v1/nodes/connect`,
    token: nodeToken,
    journalKey: journalSigner.verifier.text,
    dataDir: path,
    projectRoot: ROOT,
    name: 'local',
    isolation: await createIsolation({ projectRoot: ROOT }),
  })
  const listed = async () => (await client.call('NodeService', 'ListNodes', {})).answer?.items
  await until(async () => (await listed()) !== undefined, 20_000, 'the node')
})
afterAll(async () => {
  client?.close()
  await stopNode?.()
  await platform?.stop()
})

const run = (method: string, request: object, options?: CallOptions) =>
  client.call('RunService', method, request, options)
const rest = async <T = JsonObject>(path: string): Promise<T> =>
  (await platform.call('GET', `/api/v1${path}`, owner)).json() as Promise<T>
const measure = (text: string, options?: CallOptions) =>
  run('ExecuteSkill', { skillId: 'text.measure', input: struct({ text }) }, options)
/** A run that starts in years, so that nothing happens in it but what is asked for. */
const waiting = (options?: CallOptions) =>
  run('ExecuteSkill', { skillId: 'text.measure', input: struct({ text: '' }), startAt: { seconds: 4e9 } }, options)
const idOf = (ended: { answer?: JsonObject }): string => String(ended.answer?.runId)
const stateOf = async (runId: string): Promise<unknown> => (await rest(`/runs/${runId}`)).state

async function tokenOf(role: GivenRole): Promise<string> {
  const { id, keys } = person(`user:${role}-${Math.random().toString(36).slice(2)}`)
  const answer = await platform.call('POST', '/api/v1/principals', owner, { id, roles: [role], keys })
  return ((await answer.json()) as { token: string }).token
}

describe('a call', () => {
  it('is the operation of the HTTP API: a run that it waited for is there for both', async () => {
    const done = await measure('one two', { metadata: { prefer: 'wait=20' } })
    expect(done).toMatchObject({ code: status.OK, answer: { state: 'RUN_STATE_SUCCESS' } })
    const shown = await run('GetRun', { runId: idOf(done) })
    const known = await rest(`/runs/${idOf(done)}`)
    expect(plain(shown.answer?.run)).toEqual(plain(known))
    expect(known).toMatchObject({ state: 'success', owner: 'user:owner' })
    expect(plain(done.answer?.outputs)).toEqual(plain(known.outputs))
    expect(plain((await client.call('NodeService', 'ListNodes', {})).answer)).toEqual(plain(await rest('/nodes')))
  })

  it('with an idempotency key is done once, as by HTTP', async () => {
    const again = { metadata: { 'idempotency-key': 'twice' } }
    const [first, second] = [await measure('key', again), await measure('key', again)]
    expect(idOf(second)).toBe(idOf(first))
    const third = await platform.call(
      'POST',
      '/api/v1/orchestrator/execute',
      { ...owner, ...again.metadata },
      { skillId: 'text.measure', input: { text: 'key' } },
    )
    expect(await third.json()).toMatchObject({ runId: idOf(first) })
    const reused = await measure('another', again)
    expect(reused.details.ErrorInfo).toMatchObject({ reason: 'idempotency_key_reused' })
  })

  it('controls a run', async () => {
    const runId = idOf(await waiting())
    expect((await run('PauseRun', { runId, reason: 'lunch' })).answer).toMatchObject({ state: 'RUN_STATE_PAUSED' })
    expect((await run('ResumeRun', { runId })).code).toBe(status.OK)
    expect((await run('CancelRun', { runId })).code).toBe(status.OK)
    await until(async () => (await stateOf(runId)) === 'cancelled', 20_000, 'the run to be cancelled')
    const { answer } = await run('RetryRun', { runId })
    expect(answer).toMatchObject({ state: 'RUN_STATE_SCHEDULED' })
    await run('CancelRun', { runId: answer?.runId })
    expect(await run('CancelRun', { runId })).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: { ErrorInfo: { reason: 'illegal_transition' } },
    })
  })

  it('lets a run go on that a budget holds, with another one', async () => {
    const plan = { steps: [{ id: 'a', skill: 'text.measure', input: struct({ text: 'a' }) }] }
    const runId = idOf(await run('ExecutePlan', { plan, budget: { timeMs: 1 } }))
    await until(async () => (await stateOf(runId)) === 'paused', 20_000, 'the budget to hold the run')
    const { answer } = await run('GetRun', { runId })
    expect(answer).toMatchObject({ run: { pauseReason: expect.stringContaining('leaves no room') } })
    expect((await run('ResumeRun', { runId, budget: { onReached: 'never' } })).details.ErrorInfo).toMatchObject({
      reason: 'invalid_request',
    })
    expect((await run('ResumeRun', { runId, budget: { timeMs: 600_000, onReached: 'fail' } })).code).toBe(status.OK)
    await until(async () => (await stateOf(runId)) === 'success', 20_000, 'the run to end')
    expect(await rest(`/runs/${runId}`)).toMatchObject({ budget: { timeMs: 600_000, onReached: 'fail' } })
  })

  it('asks for a verdict, with nothing done', async () => {
    const asked = { skillId: 'text.measure', input: { text: 'x' } }
    const { answer } = await run('VerifySkill', { ...asked, input: struct(asked.input) })
    const known = await platform.call('POST', '/api/v1/orchestrator/verify', owner, asked)
    const { actionDigest, ...verdict } = (await known.json()) as JsonObject
    expect(plain(answer)).toEqual({ ...verdict, reasons: undefined, actionDigest: expect.any(String) })
  })

  it('performs a plan', async () => {
    const step = (id: string, after: string[]) => ({ id, after, skill: 'text.measure', input: struct({ text: id }) })
    const plan = { steps: [step('one', []), step('two', ['one'])] }
    const { answer } = await run('ExecutePlan', { plan }, { metadata: { prefer: 'wait=20' } })
    expect(answer).toMatchObject({ state: 'RUN_STATE_SUCCESS' })
  })
})

it('a list and a run say the same in both forms, whatever is asked', async () => {
  const ends = { metadata: { prefer: 'wait=20' } }
  await Promise.all([measure('a', ends), measure('b', ends), waiting()])
  const ids = (await rest<{ items: Array<{ id: string }> }>('/runs')).items.map(({ id }) => id)
  const query = fc.record(
    {
      state: fc.constantFrom('success', 'running', 'scheduled', 'cancelled'),
      order: fc.constantFrom('newest', 'oldest'),
      agentId: fc.constantFrom('direct', 'repo-steward', 'No Name'),
      limit: fc.integer({ min: -1, max: 6 }),
      cursor: fc.constantFrom(...ids, 'nothing'),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(query, fc.constantFrom(...ids, MISSING, 'nothing'), async (asked, runId) => {
      const message = {
        ...asked,
        ...(asked.state && { state: `RUN_STATE_${asked.state.toUpperCase()}` }),
        ...(asked.order && { order: `RUN_ORDER_${asked.order.toUpperCase()}` }),
      }
      const words = new URLSearchParams(
        Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const listed = await run('ListRuns', message)
      expect(plain(listed.answer) ?? listed.details.ErrorInfo?.reason).toEqual(told(await rest(`/runs?${words}`)))
      const shown = await run('GetRun', { runId })
      expect(plain(shown.answer?.run) ?? shown.details.ErrorInfo?.reason).toEqual(told(await rest(`/runs/${runId}`)))
    }),
    { numRuns: 25 },
  )
})

it('what waits for people is listed, shown and decided as by HTTP', async () => {
  const reviewer = person('user:grpc-reviewer')
  const { id, keys } = reviewer
  const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['reviewer'], keys })
  const { token } = (await added.json()) as { token: string }
  const review = (method: string, request: object) => client.call('ReviewService', method, request, { token })
  const scope = { read: [], write: [], hosts: ['webhook.site'] }
  for (const at of ['x', 'y'])
    await run('ExecuteSkill', { skillId: 'http.get', input: struct({ url: `https://webhook.site/${at}` }), scope })
  const listed = (query = '') => rest<{ items: ReviewView[]; next?: string }>(`/reviews?${query}`)
  await until(async () => (await listed()).items.length === 2, 20_000, 'the reviews')

  const first = await review('ListReviews', { limit: 1, order: 'REVIEW_ORDER_OLDEST' })
  expect(plain(first.answer)).toEqual(plain(await listed('limit=1&order=oldest')))
  const second = await review('ListReviews', { limit: 1, order: 'REVIEW_ORDER_OLDEST', cursor: first.answer?.next })
  const { items } = await listed('order=oldest')
  expect(plain(second.answer)).toEqual(plain({ items: items.slice(1) }))
  expect(await review('ListReviews', { cursor: 'nothing' })).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: { ErrorInfo: { reason: 'invalid_request' } },
  })

  const [asked] = items as [ReviewView]
  const { reviewId, runId } = asked
  expect(plain((await review('GetReview', { reviewId })).answer?.review)).toEqual(plain(asked))
  expect((await review('GetReview', { reviewId: MISSING })).details.ErrorInfo?.reason).toBe('review_not_found')
  const { statement, ...signed } = decisionOf(reviewer, asked, 'deny')
  const decision = { reviewId, statement: { ...statement, decision: 'REVIEW_DECISION_DENY' }, ...signed }
  const forged = { ...decision, statement: { ...decision.statement, comment: 'yes' } }
  expect((await review('DecideReview', forged)).details.ErrorInfo?.reason).toBe('signature_invalid')
  expect((await review('DecideReview', decision)).answer).toEqual({ runId, state: 'RUN_STATE_RUNNING' })
  expect((await listed()).items).toHaveLength(1)
})

/** What the HTTP API answered, or the code of its problem. */
const told = (answer: JsonObject): unknown => answer.code ?? plain(answer)

describe('an error', () => {
  it.each<[string, number, string, () => ReturnType<typeof run>]>([
    ['nobody calls', status.UNAUTHENTICATED, 'unauthenticated', () => run('ListRuns', {}, { token: undefined })],
    ['an unknown token', status.UNAUTHENTICATED, 'unauthenticated', () => run('ListRuns', {}, { token: 'azo_x' })],
    ['a run that is missing', status.NOT_FOUND, 'run_not_found', () => run('GetRun', { runId: MISSING })],
    [
      'a skill that is missing',
      status.NOT_FOUND,
      'skill_not_found',
      () => run('ExecuteSkill', { skillId: 'no.skill' }),
    ],
    ['no agent', status.INVALID_ARGUMENT, 'invalid_request', () => run('CreateRun', {})],
    ['a name of no skill', status.INVALID_ARGUMENT, 'invalid_request', () => run('ExecuteSkill', { skillId: '#' })],
    ['no number', status.INVALID_ARGUMENT, 'invalid_request', () => run('ExecuteSkill', number(Number.NaN))],
    ['a large number', status.INVALID_ARGUMENT, 'json_number_out_of_range', () => run('ExecuteSkill', number(2 ** 60))],
    ['a prototype', status.INVALID_ARGUMENT, 'json_invalid', () => run('ExecuteSkill', prototype())],
  ])('for %s tells the code of the HTTP API and what to do', async (_what, code, reason, ask) => {
    const { details, message, ...ended } = await ask()
    expect(ended.code).toBe(code)
    expect(details.ErrorInfo).toMatchObject({ reason, domain: 'azora', metadata: { type: `/problems/${reason}` } })
    expect(message).not.toMatch(/%[0-9A-F]{2}/)
  })

  it('names the fields that are wrong', async () => {
    const { details, message } = await run('ExecuteSkill', { skillId: 'text.measure', priority: 12 })
    expect(details.BadRequest).toMatchObject({ fieldViolations: [{ field: '/priority' }] })
    expect(message).toContain('the request is not valid: /priority:')
  })

  it('for a message that is larger than a body may be is answered without reading it', async () => {
    expect(await measure('x'.repeat(5 * 1024 * 1024))).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
  })

  it('for too many runs tells when to come again', async () => {
    const limit = async (everyTenant: object, replaces?: number): Promise<number> => {
      const asked = { limits: { everyTenant }, ...(replaces !== undefined && { replaces }) }
      const answer = await platform.call('POST', '/api/v1/limits', owner, asked)
      return ((await answer.json()) as { index: number }).index
    }
    const index = await limit({ rate: { runs: 1, seconds: 600, burst: 1 } })
    const tries = [await measure('1'), await measure('2'), await measure('3')]
    await limit({ queue: 1_000 }, index)
    expect(tries.at(-1)).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: {
        ErrorInfo: { reason: 'rate_limited' },
        RetryInfo: { retryDelay: { seconds: expect.any(Number) } },
      },
    })
  })
})

const number = (value: number): object => ({ skillId: 'text.measure', input: struct({ text: value }) })
const prototype = (): object => ({
  skillId: 'text.measure',
  input: struct(JSON.parse('{"constructor":{"prototype":{}}}')),
})

it('every method lets in the roles that its operation lets in, and no stranger', async () => {
  for (const role of GivenRoles.options) {
    const token = await tokenOf(role)
    for (const [name, { operation }] of Object.entries(rpcs)) {
      const may = operation.permission === 'public' || rolesThatMay(operation.permission).includes(role)
      expect([role, name, (await ask(name, token)) !== status.PERMISSION_DENIED]).toEqual([role, name, may])
    }
  }
  for (const name of Object.keys(rpcs))
    expect([name, await ask(name, 'nobody')]).toEqual([name, status.UNAUTHENTICATED])
})

async function ask(name: string, token: string): Promise<number> {
  const [, , service, method = ''] = name.split('.')
  if (method === 'WatchRun') return (await read(client.watch({ runId: MISSING }, { token }))).code
  return (await client.call(service as 'RunService', method, { runId: MISSING }, { token })).code
}

describe('a deadline', () => {
  it('ends the waiting and not the run', async () => {
    const metadata = { prefer: 'wait=60', 'idempotency-key': 'deadline' }
    const started = performance.now()
    expect(await waiting({ metadata, deadlineMs: 700 })).toMatchObject({ code: status.DEADLINE_EXCEEDED })
    expect(performance.now() - started).toBeLessThan(10_000)
    const runId = idOf(await waiting({ metadata: { 'idempotency-key': 'deadline' } }))
    expect(await stateOf(runId)).toBe('scheduled')
    await run('CancelRun', { runId })
  })

  it('ends a stream', async () => {
    const runId = idOf(await waiting())
    const ended = await read(client.watch({ runId }, { deadlineMs: 1_500 }))
    expect(ended.code).toBe(status.DEADLINE_EXCEEDED)
    expect(ended.told.length).toBeGreaterThan(0)
    await run('CancelRun', { runId })
  })
})

describe('a watched run', () => {
  it('is told as the HTTP API tells it, until it has ended', async () => {
    const runId = idOf(await waiting())
    const stream = client.watch({ runId })
    const telling = read(stream)
    await run('SignalRun', { runId, name: 'go', data: { structValue: struct({ ok: true }) } })
    await run('CancelRun', { runId })
    const { code, told } = await telling
    const { items } = await rest<{ items: JsonObject[] }>(`/runs/${runId}/entries`)
    expect([code, plain(told)]).toEqual([status.OK, plain(items)])
    const at = items.map(({ header }) => (header as JsonObject).at)
    expect(told.map(({ header }) => (header as JsonObject).at)).toEqual(at)
    const afterIndex = (items[1] as { header: JsonObject }).header.index
    expect((await read(client.watch({ runId, afterIndex }))).told).toHaveLength(items.length - 2)
  })

  it('is not told any longer to somebody who was removed', async () => {
    const runId = idOf(await waiting())
    const { id, keys } = person('user:leaves')
    const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['viewer'], keys })
    const { token } = (await added.json()) as { token: string }
    const stream = client.watch({ runId }, { token })
    const telling = read(stream)
    await new Promise((resolve) => stream.once('metadata', resolve))
    await platform.call('DELETE', `/api/v1/principals/${id}`, owner)
    expect(await telling).toMatchObject({ code: status.UNAUTHENTICATED })
    await run('CancelRun', { runId })
  })
})

it.each(['v1', 'v1alpha'])('reflection %s tells programs that know nothing of the services', async (version) => {
  const reflection = new GrpcReflection(platform.grpc, credentials.createInsecure(), undefined, version)
  expect(await reflection.listServices()).toEqual(
    expect.arrayContaining([
      'azora.v1.RunService',
      'azora.v1.ReviewService',
      'azora.v1.NodeService',
      'grpc.reflection.v1.ServerReflection',
    ]),
  )
  const methods = await reflection.listMethods('azora.v1.RunService')
  const declared = Object.keys(rpcs).filter((name) => name.startsWith('azora.v1.RunService.'))
  expect(methods.map(({ name }) => `azora.v1.RunService.${name}`).sort()).toEqual(declared.sort())
  await expect(reflection.getDescriptorBySymbol('azora.v1.NoService')).rejects.toThrow('azora.v1.NoService')
})

describe('over HTTP/1.1, on the port of the HTTP API', () => {
  const post = (body: string, headers: Record<string, string> = owner, method = 'ListRuns') =>
    fetch(`${platform.url}/azora.v1.RunService/${method}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })

  it('Connect is spoken, as strictly as any JSON', async () => {
    const answer = await post('{"limit":1,"order":"RUN_ORDER_OLDEST"}')
    const oldest = await rest<{ items: JsonObject[] }>('/runs?limit=1&order=oldest')
    expect(plain(await answer.json())).toEqual(plain(oldest))
    expect(await (await post('{"limit":1,"limit":2}')).json()).toMatchObject({
      code: 'invalid_argument',
      details: [{ type: 'google.rpc.ErrorInfo', debug: { reason: 'json_duplicate_key' } }, expect.anything()],
    })
    const deep = `{"input":${'{"a":'.repeat(63)}{}${'}'.repeat(63)}}`
    expect(JSON.stringify(await (await post(deep, owner, 'ExecuteSkill')).json())).toContain('json_too_deep')
    const refused = await post('{}', {})
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'unauthenticated' }])
  })

  it('gRPC-Web is spoken', async () => {
    const service = PROTO_FILES.getService('azora.v1.NodeService')
    if (!service) throw new Error('no service')
    const transport = createGrpcWebTransport({ baseUrl: platform.url, httpVersion: '1.1' })
    const web = createClient(service, transport) as Record<string, (asked: object, options: object) => Promise<unknown>>
    expect(await web.listNodes?.({}, { headers: owner })).toMatchObject({ items: [{ node: 'local' }] })
    await expect(web.listNodes?.({}, {})).rejects.toThrow('[unauthenticated]')
  })
})

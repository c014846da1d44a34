import { silentLog } from '@azora/base'
import { listOperations, type Operation } from '@azora/contracts'
import { createClient } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../apps/server/http/app.ts'
import { keepConventions } from '../../apps/server/http/conventions/conventions.ts'
import { openApiDocument } from '../../apps/server/http/openapi/document.ts'
import { serve } from '../../apps/server/http/serve.ts'
import { bearer } from '../support/doors.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'

let platform: TestPlatform
let owner: Record<string, string>
beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
  await call('POST', '/secrets', {}, secret('TAGGED'))
  await call('POST', '/schedules', {}, { name: 'nightly', agentId: 'repo-steward', cron: '0 3 1 1 *', input: INPUT })
})
afterAll(() => platform?.stop())

const INPUT = { repository: '/srv/app' }
const secret = (name: string) => ({ name, value: 'a secret value', hosts: ['example.org'] })
const call = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Response> =>
  platform.call(method, `/api/v1${path}`, { ...owner, ...headers }, body)
const tagOf = async (path: string): Promise<string> => (await call('GET', path)).headers.get('etag') ?? ''
const codeOf = async (answer: Response): Promise<unknown> => [
  answer.status,
  ((await answer.json()) as { code?: string }).code,
]

describe('an entity tag', () => {
  it.each(['/secrets/TAGGED', '/schedules/nightly', '/limits', '/constitution', '/principals/user:owner'])(
    'of %s stays as long as the resource does, and spares who has seen it the answer',
    async (path) => {
      const tag = await tagOf(path)
      expect(tag).toMatch(/^"[\w-]{32}"$/)
      const same = await call('GET', path, { 'if-none-match': `"other", W/${tag}` })
      expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, tag, ''])
      expect(same.headers.get('cache-control')).toBe('private, no-cache')
      expect((await call('GET', path, { 'if-none-match': '"other"' })).status).toBe(200)
      expect((await call('HEAD', path)).headers.get('etag')).toBe(tag)
    },
  )

  it('of a run changes with the run', async () => {
    const client = createClient({ url: platform.url, token: platform.dataDir.ownerToken })
    const { runId } = await client.execute({
      skillId: 'workspace.read-file',
      input: { path: 'a.txt' },
      startAt: '2999-01-01T00:00:00.000Z',
    })
    let etag = ''
    const onETag = (seen: string): void => {
      etag = seen
    }
    await client.run(runId, { onETag })
    const before = etag
    await client.manage({ operation: 'pause', runId }, { ifMatch: before })
    await client.run(runId, { onETag })
    expect(etag).not.toBe(before)
    await expect(client.manage({ operation: 'cancel', runId }, { ifMatch: before })).rejects.toMatchObject({
      problem: { code: 'precondition_failed', status: 412 },
    })
    await client.manage({ operation: 'cancel', runId }, { ifMatch: etag })
  })
})

describe('If-Match', () => {
  it.each([
    ['POST', '/secrets/TAGGED/rotate', '/secrets/TAGGED', { value: 'another value' }],
    ['POST', '/schedules/nightly/pause', '/schedules/nightly', undefined],
    ['DELETE', '/schedules/nightly', '/schedules/nightly', undefined],
  ])('lets %s %s through only on what was seen', async (method, path, seen, body) => {
    const tag = await tagOf(seen)
    const refused = await call(method, path, { 'if-match': '"old"' }, body)
    expect(refused.headers.get('etag')).toBe(tag)
    expect(await codeOf(refused)).toEqual([412, 'precondition_failed'])
    expect(await codeOf(await call(method, path, { 'if-match': `W/${tag}` }, body))).toEqual([
      412,
      'precondition_failed',
    ])
    expect((await call(method, path, { 'if-match': `"old", ${tag}` }, body)).ok).toBe(true)
  })

  it('lets one of many pass who saw the same', async () => {
    await call('POST', '/secrets', {}, secret('CONTESTED'))
    const tag = await tagOf('/secrets/CONTESTED')
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        call('POST', '/secrets/CONTESTED/rotate', { 'if-match': tag }, { value: `a new value ${n}` }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
  })

  it('says that nothing is there where nothing is, and that a run in the making is none', async () => {
    expect(await codeOf(await call('DELETE', '/secrets/NOWHERE', { 'if-match': '*' }))).toEqual([
      404,
      'secret_not_found',
    ])
    const create = { operation: 'create', agentId: 'repo-steward', input: INPUT }
    expect(await codeOf(await call('POST', '/orchestrator/manage', { 'if-match': '*' }, create))).toEqual([
      412,
      'precondition_failed',
    ])
  })

  it('that fails does not use up an idempotency key', async () => {
    await call('POST', '/secrets', {}, secret('KEYED'))
    const key = { 'idempotency-key': 'a-key' }
    const revoke = (tag: string) => call('POST', '/secrets/KEYED/revoke', { ...key, 'if-match': tag })
    const tag = await tagOf('/secrets/KEYED')
    expect((await revoke('"old"')).status).toBe(412)
    expect((await revoke(tag)).status).toBe(200)
    const again = await revoke(tag)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
  })
})

describe('fields', () => {
  it('leave out what nobody asked for', async () => {
    expect(await (await call('GET', '/secrets/TAGGED?fields=name,versions.state')).json()).toEqual({
      name: 'TAGGED',
      versions: [{ state: 'current' }, { state: 'superseded' }],
    })
    const page = (await (await call('GET', '/runs?limit=1&fields=id,state')).json()) as {
      items: object[]
      next?: string
    }
    expect(page.items.map((run) => Object.keys(run).sort())).toEqual([['id', 'state']])
    const whole = await tagOf('/secrets/TAGGED')
    expect(await tagOf('/secrets/TAGGED?fields=name')).toBe(whole)
  })

  it.each(['/secrets/TAGGED?fields=value', '/runs?fields=', '/runs?fields=id&fields=nothing'])(
    'that there are not are refused: %s',
    async (path) => {
      const answer = await call('GET', path)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        code: 'fields_unknown',
        remedy: expect.stringContaining('Choose from: '),
      })
    },
  )
})

it('a deprecated operation says so in each answer, and in the document', async () => {
  const old: Operation = {
    method: 'GET',
    path: '/old',
    summary: 'What was once done so',
    permission: 'public',
    scope: 'none',
    deprecated: { since: '2026-11-28T00:00:00Z', sunset: '2027-05-31T23:59:59Z', link: '/api/v1/reference' },
    responses: { 200: z.strictObject({ id: z.string() }) },
  }
  const app = await createApp({ resolve: () => Promise.reject(), origin: () => '', log: silentLog })
  keepConventions(app)
  serve(app, old, async () => ({ id: 'a' }))
  for (const [url, status] of [
    ['/old', 200],
    ['/old?fields=nothing', 400],
  ] as const) {
    const answer = await app.inject({ url })
    expect([answer.statusCode, answer.headers]).toEqual([
      status,
      expect.objectContaining({
        deprecation: '@1795824000',
        sunset: 'Mon, 31 May 2027 23:59:59 GMT',
        link: '</api/v1/reference>; rel="deprecation"; type="text/html"',
      }),
    ])
  }
  const document = openApiDocument([{ group: 'old', name: 'get', operation: old }], '0')
  expect(document.paths['/old']?.get).toMatchObject({ deprecated: true, 'x-sunset': '2027-05-31T23:59:59Z' })
})

it('If-Match speaks of reads that are declared with an entity tag', () => {
  const all = listOperations().map(({ operation }) => operation)
  const tagged = new Set(all.flatMap(({ hasETag, path }) => (hasETag ? [path as string] : [])))
  const named = all.flatMap(({ ifMatch }) => ifMatch ?? [])
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !tagged.has(path))).toEqual([])
})

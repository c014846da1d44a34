import type { KeyIssued, KeyView, NewKey } from '@azora/contracts'
import { createClient } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, lastJson, until } from '../support/cli.ts'
import { bearer } from '../support/doors.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'

type Headers = Record<string, string>

let platform: TestPlatform
let owner: Headers
beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(() => platform?.stop())

async function call(method: string, path: string, who: Headers, body?: unknown) {
  const answer = await platform.call(method, path, who, body)
  return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() }
}

async function add(id: string, role: string): Promise<Headers> {
  const keys = id.startsWith('user:') ? person(id).keys : []
  const { status, body } = await call('POST', '/api/v1/principals', owner, { id, roles: [role], keys })
  expect(status).toBe(201)
  return bearer((body as { token?: string }).token ?? '')
}

async function make(who: Headers, request: Partial<NewKey> = {}): Promise<KeyIssued> {
  const body = { name: 'test', scopes: ['run.read'], ...request }
  const answer = await call('POST', '/api/v1/keys', who, body)
  expect(answer).toMatchObject({ status: 201 })
  return answer.body as KeyIssued
}

const readsRuns = async (key: string): Promise<number> => (await call('GET', '/api/v1/runs', bearer(key))).status

describe('a key', () => {
  it('acts as its owner, in its scopes, and is shown once', async () => {
    const alice = await add('user:alice', 'developer')
    const { key, ...view } = await make(alice, { name: 'laptop', scopes: ['run.read', 'session.read'] })
    expect(key).toMatch(/^azk_[\w-]{43}$/)
    const days = (Date.parse(view.expiresAt) - Date.parse(view.createdAt)) / 86_400_000
    expect([days, view.state, view.usedAt]).toEqual([90, 'active', undefined])
    expect((await call('GET', '/api/v1/session', bearer(key))).body).toMatchObject({
      principal: 'user:alice',
      scopes: ['run.read', 'session.read'],
    })
    expect(await readsRuns(key)).toBe(200)
    expect((await call('GET', '/api/v1/skills', bearer(key))).body).toMatchObject({ code: 'insufficient_scope' })
    const shown = await call('GET', `/api/v1/keys/${view.keyId}`, alice)
    expect(shown.body).toMatchObject({ name: 'laptop', principal: 'user:alice', createdBy: 'user:alice' })
    expect(JSON.stringify(shown)).not.toContain('azk_')
    const { rows } = await platform.database.db.query<{ row: string }>('select k::text as row from identity.api_key k')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(key.slice(4))
  })

  it('says when it was last used, soon', async () => {
    const { key, keyId } = await make(owner)
    await readsRuns(key)
    const used = async () => ((await call('GET', `/api/v1/keys/${keyId}`, owner)).body as KeyView).usedAt
    await until(async () => (await used()) !== undefined, 5_000, 'the use to be noted')
    const first = await used()
    await readsRuns(key)
    expect(await used()).toBe(first)
  })

  it.each<[string, object, string]>([
    ['without a scope', { scopes: [] }, 'invalid_request'],
    ['for what needs a person', { scopes: ['review.decide'] }, 'invalid_request'],
    ['for making keys', { scopes: ['key.create'] }, 'invalid_request'],
    ['for more than a year', { expiresInDays: 366 }, 'invalid_request'],
    ['without an end', { expiresInDays: 0 }, 'invalid_request'],
    ['for what one may not', { scopes: ['run.read', 'secret.put'] }, 'key_scope_exceeded'],
    ['of somebody else', { principal: 'user:owner' }, 'key_owner_unsuitable'],
    ['of nobody', { principal: 'service:nobody' }, 'principal_not_found'],
  ])('is not made %s', async (_, change, code) => {
    const who = await add(`user:u${Math.random().toString(36).slice(2)}`, 'developer')
    const body = { name: 'test', scopes: ['run.read'], ...change }
    expect((await call('POST', '/api/v1/keys', who, body)).body).toMatchObject({ code })
  })

  it('makes nothing that lives longer than it, and neither does a short-lived token', async () => {
    const { body } = await call('POST', '/api/v1/tokens', owner, {})
    const { keyId } = await make(owner)
    const short = bearer((body as { access_token: string }).access_token)
    const request = { name: 'more', scopes: ['run.read'] }
    expect((await call('POST', '/api/v1/keys', short, request)).body).toMatchObject({
      code: 'credential_too_short_lived',
    })
    expect((await call('POST', `/api/v1/keys/${keyId}/rotate`, short, {})).status).toBe(403)
    const all = bearer((await make(owner, { scopes: ['key.read', 'key.revoke', 'session.read', 'session.end'] })).key)
    for (const [path, asked] of [
      ['/api/v1/keys', request],
      [`/api/v1/keys/${keyId}/rotate`, {}],
      ['/api/v1/tokens', {}],
      ['/api/v1/sign-in-links', undefined],
      ['/api/v1/principals', { id: 'node:more', roles: ['node'], keys: [] }],
    ] as const)
      expect((await call('POST', path, all, asked)).body, path).toMatchObject({ code: 'insufficient_scope' })
  })

  it('is seen and ended by its owner and by who administers keys, and by nobody else', async () => {
    const [bob, eve] = [await add('user:bob', 'viewer'), await add('user:eve', 'developer')]
    const [mine, other] = [await make(bob), await make(bob)]
    const path = `/api/v1/keys/${mine.keyId}`
    for (const [method, at] of [
      ['GET', path],
      ['POST', `${path}/rotate`],
      ['DELETE', path],
    ] as const)
      expect((await call(method, at, eve, method === 'POST' ? {} : undefined)).body).toMatchObject({
        code: 'key_not_found',
      })
    expect((await call('GET', '/api/v1/keys', eve)).body).toEqual({ items: [] })
    expect((await call('GET', '/api/v1/keys', bob)).body).toMatchObject({ items: [{ name: 'test' }, { name: 'test' }] })
    // Whoever has the secret acts as Bob.
    expect((await call('POST', `${path}/rotate`, owner, {})).body).toMatchObject({ code: 'key_owner_unsuitable' })
    expect((await call('DELETE', path, owner)).status).toBe(204)
    expect([await readsRuns(mine.key), await readsRuns(other.key)]).toEqual([401, 200])
    expect((await call('POST', `${path}/rotate`, bob, {})).body).toMatchObject({ code: 'key_ended' })
    expect((await call('DELETE', `/api/v1/keys/${other.keyId}`, bob)).status).toBe(204)
    expect(await readsRuns(other.key)).toBe(401)
  })

  it('that is rotated has one secret, or two for the stated time', async () => {
    const first = await make(owner, { expiresInDays: 3 })
    const path = `/api/v1/keys/${first.keyId}/rotate`
    expect((await call('POST', path, owner, { overlapSeconds: 86_401 })).status).toBe(400)
    const second = (await call('POST', path, owner, { overlapSeconds: 2 })).body as KeyIssued
    expect(Date.parse(second.expiresAt) - Date.parse(second.rotatedAt ?? '')).toBe(3 * 86_400_000)
    expect([await readsRuns(first.key), await readsRuns(second.key)]).toEqual([200, 200])
    await until(async () => (await readsRuns(first.key)) === 401, 5_000, 'the overlap to end')
    const third = (await call('POST', path, owner, { expiresInDays: 10 })).body as KeyIssued
    expect([await readsRuns(second.key), await readsRuns(third.key)]).toEqual([401, 200])
  })

  it('of which there are a hundred is enough', async () => {
    const many = await add('user:many', 'viewer')
    const { keyId } = await make(many)
    await platform.database.db.query(
      `insert into identity.api_key (key_id, secret_hash, tenant, principal, name, scopes, created_by, created_at, issued_at, expires_at)
       select gen_random_uuid(), sha256(n::text::bytea), tenant, principal, name, scopes, created_by, created_at, issued_at, expires_at
       from identity.api_key, generate_series(1, 99) n where key_id = $1`,
      [keyId],
    )
    const answer = await call('POST', '/api/v1/keys', many, { name: 'x', scopes: ['run.read'] })
    expect(answer.body).toMatchObject({ code: 'keys_too_many' })
  })
})

describe('a service', () => {
  it('comes in with keys that administrators make, of no more than they may', async () => {
    expect(await add('service:ci', 'developer')).toEqual({})
    const admin = await add('user:admin', 'admin')
    const developer = await add('user:developer', 'developer')
    const request = { principal: 'service:ci', scopes: ['run.create', 'run.read'] as NewKey['scopes'] }
    expect((await call('POST', '/api/v1/keys', developer, { name: 'x', ...request })).status).toBe(403)
    const { key, keyId } = await make(admin, request)
    expect(await readsRuns(key)).toBe(200)
    for (const scopes of [['secret.put'], ['journal.read']])
      expect(
        (await call('POST', '/api/v1/keys', admin, { name: 'x', principal: 'service:ci', scopes })).body,
      ).toMatchObject({ code: 'key_scope_exceeded' })
    const rotated = (await call('POST', `/api/v1/keys/${keyId}/rotate`, admin, {})).body as KeyIssued
    expect([await readsRuns(key), await readsRuns(rotated.key)]).toEqual([401, 200])
    const removed = await call('DELETE', '/api/v1/principals/service:ci', admin)
    expect([removed.status, await readsRuns(rotated.key)]).toEqual([204, 401])
  })

  it('that may more than an administrator does not get a new secret from them', async () => {
    await add('service:audit', 'auditor')
    const { keyId } = await make(owner, { principal: 'service:audit', scopes: ['journal.read'] })
    const admin = await add('user:admin2', 'admin')
    expect((await call('POST', `/api/v1/keys/${keyId}/rotate`, admin, {})).body).toMatchObject({
      code: 'key_scope_exceeded',
    })
  })
})

it('what was made, rotated and revoked is on record, without a secret', async () => {
  const gone = await add('user:gone', 'viewer')
  const { keyId } = await make(gone)
  await call('POST', `/api/v1/keys/${keyId}/rotate`, gone, { overlapSeconds: 60 })
  const one = await make(gone)
  await call('DELETE', `/api/v1/keys/${one.keyId}`, gone)
  await call('DELETE', '/api/v1/principals/user:gone', owner)
  const entries = await platform.journaled()
  const told = entries.filter(
    ({ header, payload }) =>
      header.kind.startsWith('key.') && (payload as { principal: string }).principal === 'user:gone',
  )
  expect(told.map(({ header, payload }) => [header.kind, header.actor, payload])).toMatchObject([
    ['key.created', 'user:gone', { keyId, name: 'test', scopes: ['run.read'] }],
    ['key.rotated', 'user:gone', { keyId, oldUntil: expect.any(String) }],
    ['key.created', 'user:gone', { keyId: one.keyId }],
    ['key.revoked', 'user:gone', { keyId: one.keyId, reason: 'revoked' }],
    ['key.revoked', 'user:owner', { reason: 'principal_removed' }],
  ])
  expect(JSON.stringify(entries)).not.toMatch(/azk_[\w-]{43}/)
})

it('a stream that was opened with a key ends with it', async () => {
  const key = await make(owner)
  const { body } = await call('POST', '/api/v1/orchestrator/execute', owner, {
    skillId: 'workspace.read-file',
    input: { path: 'a.txt' },
  })
  const { runId } = body as { runId: string }
  const stream = await platform.call('GET', `/api/v1/runs/${runId}/events`, bearer(key.key))
  expect(stream.status).toBe(200)
  await call('DELETE', `/api/v1/keys/${key.keyId}`, owner)
  await expect(stream.text()).rejects.toThrow()
})

it('the client takes a key as its token', async () => {
  const client = createClient({ url: platform.url, token: platform.dataDir.ownerToken })
  const { key, keyId } = await client.createKey({ name: 'sdk', scopes: ['run.read'] })
  expect(
    Array.isArray((await createClient({ url: platform.url, token: key }).api.runs.list({ query: {} })).items),
  ).toBe(true)
  expect((await client.key(keyId)).state).toBe('active')
  const rotated = await client.rotateKey(keyId, { overlapSeconds: 60 })
  expect(rotated.oldUntil).toBeDefined()
  await client.revokeKey(keyId)
  expect((await client.keys()).find((one) => one.keyId === keyId)?.state).toBe('revoked')
})

it('the command line makes, uses, rotates and ends keys, and says what no key can have', async () => {
  const cli = createCli('/nowhere', { AZORA_URL: platform.url, AZORA_TOKEN: platform.dataDir.ownerToken })
  const added = await cli.run('identity', 'add', 'tool', '--service', '--role', 'viewer', '--json')
  expect(lastJson(added)).toEqual({ id: 'service:tool', roles: ['viewer'], keys: [] })
  const made = await cli.run(
    'keys',
    'create',
    'tool',
    '--for',
    'service:tool',
    '--scope',
    'run.read',
    '--days',
    '7',
    '--json',
  )
  const { key, keyId } = lastJson<KeyIssued>(made)
  const [listed, refused, rotated] = await Promise.all([
    cli.run('run', 'list', '--token', key),
    cli.run('keys', 'create', 'x', '--scope', 'review.decide'),
    cli.run('keys', 'rotate', keyId, '--overlap', '1h'),
  ])
  expect([listed.code, refused.code, rotated.code]).toEqual([0, 2, 0])
  expect(refused.stderr).toContain('no key can have the scope review.decide')
  expect(rotated.stdout).toMatch(/^azk_[\w-]{43}\nKeep it: it is not shown again/)
  expect((await cli.run('keys', 'revoke', keyId)).code).toBe(0)
  expect(await readsRuns(rotated.stdout.split('\n')[0] ?? '')).toBe(401)
})

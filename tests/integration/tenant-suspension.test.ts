import type { KeyIssued, Problem, RunAccepted, SessionView, TenantView } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bearer } from '../support/doors.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'
import { ADMIN, foundTenant, send, signInByDevice } from '../support/tenants.ts'

const WORK = { skillId: 'text.measure', input: { text: 'some' } }

let platform: TestPlatform
let owner: string

beforeAll(async () => {
  platform = await startPlatform()
  owner = platform.dataDir.ownerToken
}, 120_000)
afterAll(() => platform?.stop())

const change = (name: string, verb: 'suspend' | 'resume') =>
  send<TenantView>(platform, owner, 'POST', `/api/v1/tenants/${name}/${verb}`)
const codeOf = async (answer: Response): Promise<unknown> => [answer.status, ((await answer.json()) as Problem).code]
const list = (token: string) => platform.call('GET', '/api/v1/runs', bearer(token))

describe('a tenant', () => {
  it('is made with who administers it, once, and on record', async () => {
    const { token, admin } = await foundTenant(platform, 'made')
    expect((await list(token)).status).toBe(200)
    const again = { name: 'made', admin: { id: ADMIN, keys: admin.keys } }
    expect(await codeOf(await platform.call('POST', '/api/v1/tenants', bearer(owner), again))).toEqual([
      409,
      'tenant_exists',
    ])
    const { items } = await send<{ items: TenantView[] }>(platform, owner, 'GET', '/api/v1/tenants')
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['default', 'active'],
      ['made', 'active'],
    ])
    const entries = (await platform.journaled()).filter(({ header }) => /^(tenant|principal)\./.test(header.kind))
    expect(
      entries.slice(-2).map(({ header: { kind, tenant, actor }, payload }) => [kind, tenant, actor, payload]),
    ).toEqual([
      ['tenant.created', 'default', 'user:owner', { tenant: 'made', admin: ADMIN }],
      [
        'principal.added',
        'made',
        'system:tenants',
        { principal: ADMIN, roles: ['admin', 'reviewer', 'auditor'], keys: admin.keys },
      ],
    ])
  })

  it('has people of its own: the same name elsewhere is somebody else, and stays', async () => {
    const { token } = await foundTenant(platform, 'names')
    const bob = { id: 'user:bob', roles: ['viewer'], keys: person('user:bob').keys }
    const { token: theirs } = await send<{ token: string }>(platform, token, 'POST', '/api/v1/principals', bob)
    const { token: ours } = await send<{ token: string }>(platform, owner, 'POST', '/api/v1/principals', bob)
    expect([(await list(theirs)).status, (await list(ours)).status]).toEqual([200, 200])
    await send(platform, owner, 'DELETE', '/api/v1/principals/user:bob')
    expect([(await list(theirs)).status, (await list(ours)).status]).toEqual([200, 401])
  })

  it.each([
    ['Acme', 400, 'invalid_request'],
    ['1st', 400, 'invalid_request'],
    ['a/b', 400, 'invalid_request'],
  ])('is not called %s', async (name, status, code) => {
    const body = { name, admin: { id: ADMIN, keys: person(ADMIN).keys } }
    expect(await codeOf(await platform.call('POST', '/api/v1/tenants', bearer(owner), body))).toEqual([status, code])
  })

  it('is suspended only where there is one, and never the server’s own', async () => {
    const suspend = (name: string) => platform.call('POST', `/api/v1/tenants/${name}/suspend`, bearer(owner), {})
    expect(await codeOf(await suspend('absent'))).toEqual([404, 'tenant_not_found'])
    expect(await codeOf(await suspend('default'))).toEqual([409, 'tenant_protected'])
  })
})

describe('a suspended tenant', () => {
  it('is shut out whatever its people come with, its streams end, its runs wait, and it goes on when it is resumed', async () => {
    const { token } = await foundTenant(platform, 'paused')
    const { session } = await signInByDevice(platform, token)
    const { access_token: short } = await send<{ access_token: string }>(platform, token, 'POST', '/api/v1/tokens', {})
    const { key } = await send<KeyIssued>(platform, token, 'POST', '/api/v1/keys', { name: 'ci', scopes: ['run.read'] })
    const { url: link } = await send<{ url: string }>(platform, token, 'POST', '/api/v1/sign-in-links')
    const execute = (more: object) =>
      send<RunAccepted>(platform, token, 'POST', '/api/v1/orchestrator/execute', { ...WORK, ...more })
    const { runId: open } = await execute({})
    const { runId: later } = await execute({ startAt: new Date(Date.now() + 1_500).toISOString() })
    const stream = await platform.call('GET', `/api/v1/runs/${open}/events`, bearer(token))

    expect(await change('paused', 'suspend')).toMatchObject({ state: 'suspended', suspendedAt: expect.any(String) })
    await expect(stream.text()).rejects.toThrow()
    for (const credential of [token, session, short, key])
      expect(await codeOf(await list(credential))).toEqual([403, 'tenant_suspended'])
    const code = new URLSearchParams(new URL(link).hash.slice(1)).get('code')
    const entering = await platform.call('POST', '/api/v1/session', { origin: platform.url }, { code })
    expect(await codeOf(entering)).toEqual([403, 'tenant_suspended'])

    const started = async (): Promise<boolean> =>
      (await platform.journaled()).some(({ header }) => header.run === later && header.kind === 'run.started')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(await started()).toBe(false)
    expect(await change('paused', 'resume')).toMatchObject({ state: 'active' })
    await vi.waitFor(async () => expect(await started()).toBe(true), { timeout: 20_000, interval: 100 })
    for (const credential of [token, session, short, key]) expect((await list(credential)).status).toBe(200)
    const { items } = await send<{ items: SessionView[] }>(platform, token, 'GET', '/api/v1/sessions')
    expect(items).toHaveLength(1)
    const kinds = (await platform.journaled())
      .map(({ header }) => header.kind)
      .filter((kind) => kind.startsWith('tenant.'))
    expect(kinds.slice(-3)).toEqual(['tenant.created', 'tenant.suspended', 'tenant.resumed'])
  }, 60_000)
})

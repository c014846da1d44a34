import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type {
  ReviewView,
  RunAccepted,
  ScimBulkResponse,
  ScimError,
  ScimGroup,
  ScimUser,
  ScimUserList,
  SessionView,
  SigningKeyAdded,
} from '@azora/contracts'
import { verifyEvidence } from '@azora/evidence'
import { signStatement } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOwnerKeys } from '../../apps/server/local/owner-key.ts'
import { createCli, lastJson, until } from '../support/cli.ts'
import { bearer } from '../support/doors.ts'
import { flawsOf } from '../support/evidence.ts'
import { type FederatedPlatform, signInAtProvider, startFederated } from '../support/federated.ts'
import { person } from '../support/people.ts'
import type { TestPlatform } from '../support/platform.ts'
import { tempDir } from '../support/temp-dir.ts'
import { send } from '../support/tenants.ts'

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

const home = tempDir('provisioned')
let federated: FederatedPlatform
let platform: TestPlatform
let owner: Record<string, string>
let provider: Record<string, string>

beforeAll(async () => {
  federated = await startFederated()
  platform = federated.platform
  owner = bearer(platform.dataDir.ownerToken)
  provider = await issueToken()
})
afterAll(async () => {
  await federated?.stop()
  home.remove()
})

async function issueToken(): Promise<Record<string, string>> {
  const answer = await platform.call('POST', '/api/v1/scim/token', owner)
  expect(answer.status).toBe(201)
  return bearer(((await answer.json()) as { token: string }).token)
}

/** A request as identity providers make it. */
function scim(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${platform.url}/scim/v2${path}`, {
    method,
    headers: { ...provider, ...(body && { 'content-type': 'application/scim+json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
}
async function answered<T>(status: number, answer: Promise<Response>): Promise<T> {
  const response = await answer
  const text = await response.text()
  expect(response.status, text).toBe(status)
  if (status !== 204) expect(response.headers.get('content-type')).toMatch(/^application\/scim\+json/)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
const create = (userName: string, more: object = {}): Promise<ScimUser> =>
  answered(201, scim('POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...more }))
const group = (displayName: string, ...users: ScimUser[]): Promise<ScimGroup> =>
  answered(201, scim('POST', '/Groups', { displayName, members: users.map(({ id }) => ({ value: id })) }))
const patch = (path: string, ...Operations: object[]) => scim('PATCH', path, { schemas: [PATCH], Operations })
const refused = async (status: number, answer: Promise<Response>, scimType?: string): Promise<void> =>
  expect(await answered<ScimError>(status, answer)).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
  })
const map = async (name: string, role: string): Promise<void> =>
  expect((await platform.call('POST', '/api/v1/scim/mappings', owner, { group: name, role })).status).toBe(200)

async function rolesOf(principal: string): Promise<string[] | undefined> {
  const answer = await platform.call('GET', '/api/v1/principals', owner)
  const { items } = (await answer.json()) as { items: Array<{ id: string; roles: string[] }> }
  return items.find(({ id }) => id === principal)?.roles
}

/** A run of the owner's that asks people, and what it asks. */
async function reviewThatWaits(): Promise<ReviewView> {
  const ask = <T>(method: string, path: string, body?: object): Promise<T> =>
    send<T>(platform, platform.dataDir.ownerToken, method, path, body)
  const { runId } = await ask<RunAccepted>('POST', '/api/v1/orchestrator/execute', {
    skillId: 'http.get',
    input: { url: 'https://webhook.site/x' },
    scope: { read: [], write: [], hosts: ['webhook.site'] },
  })
  const waiting = async (): Promise<ReviewView | undefined> =>
    (await ask<{ items: ReviewView[] }>('GET', '/api/v1/reviews')).items.find((review) => review.runId === runId)
  await until(async () => (await waiting()) !== undefined, 30_000, 'the review')
  return (await waiting()) as ReviewView
}

async function flawsIn(runId: string): Promise<string[]> {
  const evidence = await platform.call('GET', `/api/v1/runs/${runId}/evidence`, owner)
  const { trusted } = await openOwnerKeys(platform.dataDir.path, undefined)
  const trust = { trustedKey: platform.dataDir.journalSigner.verifier.text, ownerKeys: trusted }
  return flawsOf(await verifyEvidence(new Uint8Array(await evidence.arrayBuffer()), trust))
}

describe('the token of an identity provider', () => {
  it('opens SCIM and nothing else, is shown once and ends with the next one', async () => {
    expect((await scim('GET', '/ServiceProviderConfig')).status).toBe(200)
    for (const path of ['/api/v1/runs', '/api/v1/principals', '/api/v1/scim', '/api/v1/session', '/api/v1/skills'])
      expect((await platform.call('GET', path, provider)).status, path).toBe(403)
    for (const path of ['/api/v1/scim/token', '/api/v1/tokens', '/api/v1/sign-in-links'])
      expect((await platform.call('POST', path, provider, {})).status, path).toBe(403)
    const before = provider
    provider = await issueToken()
    await refused(401, scim('GET', '/Users', undefined, before))
    expect((await platform.call('DELETE', '/api/v1/scim/token', owner)).status).toBe(204)
    expect((await platform.call('DELETE', '/api/v1/scim/token', owner)).status).toBe(404)
    await refused(401, scim('GET', '/Users'))
    provider = await issueToken()
  })

  it('is the owner’s to give, and SCIM is closed to other roles', async () => {
    const { id, keys } = person('user:adam')
    const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['admin'], keys })
    const admin = bearer(((await added.json()) as { token: string }).token)
    expect((await platform.call('POST', '/api/v1/scim/token', admin)).status).toBe(403)
    expect((await platform.call('POST', '/api/v1/scim/mappings', admin, { group: 'x', role: 'viewer' })).status).toBe(
      403,
    )
    expect((await platform.call('GET', '/api/v1/scim', admin)).status).toBe(200)
    await refused(403, scim('GET', '/Users', undefined, admin))
  })
})

describe('discovery', () => {
  it('says what is served', async () => {
    const config = await answered<Record<string, object>>(200, scim('GET', '/ServiceProviderConfig'))
    for (const name of ['patch', 'bulk', 'filter', 'sort', 'etag'])
      expect(config[name]).toMatchObject({ supported: true })
    const types = await answered<{ Resources: object[] }>(200, scim('GET', '/ResourceTypes'))
    expect(types.Resources).toMatchObject([{ endpoint: '/Users' }, { endpoint: '/Groups' }])
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User'
    const schema = await answered<{ attributes: object[] }>(200, scim('GET', `/Schemas/${urn}`))
    expect(schema.attributes).toContainEqual(expect.objectContaining({ name: 'userName', required: true }))
    await refused(404, scim('GET', '/Schemas/urn:other'))
    await refused(404, scim('GET', '/ResourceTypes/Device'))
    await refused(404, scim('GET', '/Nothing'))
  })
})

describe('a user', () => {
  it('is a principal without token, key or role, on record before it holds', async () => {
    const user = await create('Ann@Example.org', { externalId: 'a-1', displayName: 'Ann', name: { givenName: 'Ann' } })
    expect(user).toMatchObject({
      userName: 'Ann@Example.org',
      active: true,
      externalId: 'a-1',
      name: { givenName: 'Ann' },
    })
    expect(user.meta?.location).toBe(`${platform.url}/scim/v2/Users/${user.id}`)
    expect(await rolesOf('user:ann@example.org')).toEqual([])
    const entries = (await platform.journaled()).filter(({ payload }) => JSON.stringify(payload).includes('ann@'))
    expect(entries).toMatchObject([
      { header: { kind: 'principal.added', actor: 'service:scim' }, payload: { roles: [], keys: [] } },
      { header: { kind: 'sign_in.linked', actor: 'service:scim' } },
    ])
    expect(JSON.stringify(entries)).not.toContain('Ann@')
  })

  it('is found by filter, in order and by page, with the attributes that are asked for', async () => {
    for (const name of ['c', 'a', 'b']) await create(`page-${name}`, { externalId: `x-${name}` })
    const list = (query: Record<string, string>): Promise<ScimUserList> =>
      answered(200, scim('GET', `/Users?${new URLSearchParams(query)}`))
    const names = (page: ScimUserList): unknown[] => page.Resources.map(({ userName }) => userName)
    expect(names(await list({ filter: 'userName eq "PAGE-a"' }))).toEqual(['page-a'])
    expect(names(await list({ filter: 'externalId eq "x-b"' }))).toEqual(['page-b'])
    expect(names(await list({ filter: 'externalId eq "x\\u0000"' }))).toEqual([])
    const filter = 'userName sw "page-" and not (externalId eq "x-c")'
    expect(names(await list({ filter, sortBy: 'userName', sortOrder: 'descending' }))).toEqual(['page-b', 'page-a'])
    const page = await list({ filter: 'userName sw "page-"', sortBy: 'userName', startIndex: '2', count: '1' })
    expect(page).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1, Resources: [{ userName: 'page-b' }] })
    expect((await list({ count: '0' })).Resources).toEqual([])
    const [some] = (await list({ filter: 'userName eq "page-a"', attributes: 'USERNAME,meta.version' })).Resources
    expect(Object.keys(some ?? {}).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
    expect(Object.keys(some?.meta ?? {})).toEqual(['version'])
    const [rest] = (await list({ filter: 'userName eq "page-a"', excludedAttributes: 'meta,emails,id' })).Resources
    expect(rest).toMatchObject({ id: expect.any(String), active: true })
    expect(rest).not.toHaveProperty('meta')
    await refused(400, scim('GET', '/Users?filter=userName%20is%20%22x%22'), 'invalidFilter')
    await refused(400, scim('GET', '/Users?sortBy=nickName'), 'invalidPath')
    await refused(400, scim('GET', '/Users?attributes=nickName'), 'invalidPath')
    await refused(400, scim('GET', '/Users?count=many'), 'invalidSyntax')
  })

  it('has a name that is nobody else’s', async () => {
    await create('only')
    await refused(409, scim('POST', '/Users', { userName: 'ONLY' }), 'uniqueness')
    await refused(409, scim('POST', '/Users', { userName: 'owner' }), 'uniqueness')
    await refused(400, scim('POST', '/Users', { userName: 'o’neill' }), 'invalidValue')
    await refused(400, scim('POST', '/Users', { userName: `x${'y'.repeat(150)}` }), 'invalidValue')
    await refused(400, scim('POST', '/Users', {}), 'invalidValue')
    const other = await create('other', { emails: [{ value: 'same@example.org' }] })
    await refused(
      409,
      scim('POST', '/Users', { userName: 'third', emails: [{ value: 'Same@example.org' }] }),
      'uniqueness',
    )
    await refused(409, scim('PUT', `/Users/${other.id}`, { userName: 'only' }), 'uniqueness')
    expect(await rolesOf('user:third')).toBeUndefined()
  })

  it('is changed by whoever knows its version', async () => {
    const { id, meta } = await create('versioned')
    const first = meta?.version ?? ''
    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': first })).status).toBe(304)
    const put = (displayName: string, headers: Record<string, string>) =>
      scim('PUT', `/Users/${id}`, { userName: 'versioned', displayName }, headers)
    const changed = await put('One', { 'if-match': first })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, expect.not.stringMatching(first)])
    await refused(412, put('Two', { 'if-match': first }))
    await refused(412, scim('DELETE', `/Users/${id}`, undefined, { 'if-match': first }))
    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': first })).status).toBe(200)
    expect((await put('Two', { 'if-match': `"other", ${changed.headers.get('etag')}` })).status).toBe(200)
    expect((await put('Three', { 'if-match': '*' })).status).toBe(200)
    // Of two who know the same version one may change it.
    const version = (await scim('GET', `/Users/${id}`)).headers.get('etag') ?? ''
    const both = await Promise.all(['Four', 'Five'].map((name) => put(name, { 'if-match': version })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it('is refused in the words of SCIM when the request is not good', async () => {
    await refused(400, scim('POST', '/Users', { userName: 5 }), 'invalidSyntax')
    const bad = fetch(`${platform.url}/scim/v2/Users`, {
      method: 'POST',
      headers: { ...provider, 'content-type': 'application/scim+json' },
      body: '{"userName":"a","userName":"b"}',
    })
    await refused(400, bad, 'invalidSyntax')
    await refused(404, scim('GET', '/Users/nobody'))
    await refused(404, patch('/Users/01920000-0000-7000-8000-000000000000', { op: 'add', path: 'active', value: true }))
    const { id } = await create('patched')
    await refused(400, patch(`/Users/${id}`, { op: 'replace', path: 'nickName', value: 'x' }), 'invalidPath')
    await refused(400, patch(`/Users/${id}`, { op: 'replace', path: 'id', value: 'x' }), 'mutability')
    await refused(
      400,
      patch(`/Users/${id}`, { op: 'replace', path: 'emails[type eq "a"].value', value: 'x' }),
      'noTarget',
    )
    await refused(413, scim('POST', '/Users', { userName: 'x', displayName: 'x'.repeat(1_100_000) }))
  })
})

describe('a group', () => {
  it('gives its members the role that the owner says, and nothing before or after', async () => {
    const [dora, emil] = [await create('dora'), await create('emil')]
    const team = await group('Azora Viewers', dora)
    expect(await rolesOf('user:dora')).toEqual([])
    await map('azora viewers', 'viewer')
    expect(await rolesOf('user:dora')).toEqual(['viewer'])
    await answered(200, patch(`/Groups/${team.id}`, { op: 'add', path: 'members', value: [{ value: emil.id }] }))
    const path = `members[value eq "${dora.id}"]`
    const { members } = await answered<ScimGroup>(200, patch(`/Groups/${team.id}`, { op: 'remove', path }))
    expect(members).toMatchObject([{ value: emil.id, display: 'emil' }])
    expect([await rolesOf('user:dora'), await rolesOf('user:emil')]).toEqual([[], ['viewer']])
    expect(await answered<ScimUser>(200, scim('GET', `/Users/${emil.id}`))).toMatchObject({
      groups: [{ value: team.id, display: 'Azora Viewers' }],
    })
    const unmapped = await platform.call('POST', '/api/v1/scim/mappings/remove', owner, { group: team.id })
    expect(await unmapped.json()).toEqual({ id: team.id, name: 'Azora Viewers', members: 1 })
    expect(await rolesOf('user:emil')).toEqual([])
    await map(team.id, 'developer')
    expect(await rolesOf('user:emil')).toEqual(['developer'])
    await answered(204, scim('DELETE', `/Groups/${team.id}`))
    expect(await rolesOf('user:emil')).toEqual([])
    // A group that has the name again is another one.
    await group('Azora Viewers', emil)
    expect(await rolesOf('user:emil')).toEqual([])
    const entries = (await platform.journaled()).filter(({ header }) => /^scim\.|\.changed$/.test(header.kind))
    expect(entries.map(({ header }) => [header.kind, header.actor])).toEqual([
      ['scim.mapped', 'user:owner'],
      ['principal.changed', 'user:owner'],
      ['principal.changed', 'service:scim'],
      ['principal.changed', 'service:scim'],
      ['scim.unmapped', 'user:owner'],
      ['principal.changed', 'user:owner'],
      ['scim.mapped', 'user:owner'],
      ['principal.changed', 'user:owner'],
      ['principal.changed', 'service:scim'],
    ])
  })

  it('makes nobody the owner, holds users only, and has a name of its own', async () => {
    await group('Bosses')
    const asOwner = await platform.call('POST', '/api/v1/scim/mappings', owner, { group: 'Bosses', role: 'owner' })
    expect(asOwner.status).toBe(400)
    const unknown = await platform.call('POST', '/api/v1/scim/mappings', owner, { group: 'No such', role: 'viewer' })
    expect(await unknown.json()).toMatchObject({ code: 'scim_group_not_found' })
    await refused(409, scim('POST', '/Groups', { displayName: 'BOSSES' }), 'uniqueness')
    await refused(400, scim('POST', '/Groups', { displayName: 'x', members: [{ value: 'nobody' }] }), 'invalidValue')
    const stranger = { value: '01920000-0000-7000-8000-000000000000' }
    await refused(400, scim('POST', '/Groups', { displayName: 'x', members: [stranger] }), 'invalidValue')
    const status = (await (await platform.call('GET', '/api/v1/scim', owner)).json()) as object
    expect(status).toMatchObject({ url: `${platform.url}/scim/v2`, token: true, issuer: federated.issuer })
  })
})

describe('somebody who was provisioned', () => {
  it('signs in at the provider at once, and is out at once', async () => {
    const frida = await create('frida@example.org')
    await group('Readers', frida)
    await map('Readers', 'viewer')
    const { me, cookie } = await signInAtProvider(platform, 'frida')
    expect(me).toMatchObject({ principal: 'user:frida@example.org', roles: ['viewer'], session: { method: 'oidc' } })
    const page = { cookie, 'x-azora-csrf': String(me.csrfToken) }
    const issued = await platform.call('POST', '/api/v1/tokens', page, {})
    const jwt = bearer(((await issued.json()) as { access_token: string }).access_token)
    const see = async (who: Record<string, string>): Promise<number> =>
      (await platform.call('GET', '/api/v1/runs', who)).status
    expect([await see({ cookie }), await see(jwt)]).toEqual([200, 200])
    const started = await platform.call('POST', '/api/v1/orchestrator/execute', owner, {
      skillId: 'workspace.read-file',
      input: { path: 'a.txt' },
    })
    const { runId } = (await started.json()) as { runId: string }
    const stream = await platform.call('GET', `/api/v1/runs/${runId}/events`, { cookie })
    expect(stream.status).toBe(200)

    await answered(200, patch(`/Users/${frida.id}`, { op: 'Replace', path: 'active', value: 'False' }))
    expect([await see({ cookie }), await see(jwt), await rolesOf('user:frida@example.org')]).toEqual([
      401,
      401,
      undefined,
    ])
    await expect(stream.text()).rejects.toThrow()
    expect(await signInAtProvider(platform, 'frida')).toMatchObject({ end: '/sign-in#error=oidc_unknown', status: 401 })

    const back = await answered<ScimUser>(200, patch(`/Users/${frida.id}`, { op: 'replace', value: { active: true } }))
    expect(back.active).toBe(true)
    expect([await see({ cookie }), await see(jwt), await rolesOf('user:frida@example.org')]).toEqual([
      401,
      401,
      ['viewer'],
    ])
    expect((await signInAtProvider(platform, 'frida')).me).toMatchObject({ principal: 'user:frida@example.org' })

    await answered(204, scim('DELETE', `/Users/${frida.id}`))
    expect((await signInAtProvider(platform, 'frida')).status).toBe(401)
    await refused(404, scim('GET', `/Users/${frida.id}`))
  })

  it('stays who they are under another address, and is somebody else under another name', async () => {
    const gina = await create('gina', { emails: [{ value: 'gina@example.org' }] })
    await group('Ginas', gina)
    await map('Ginas', 'viewer')
    const { cookie } = await signInAtProvider(platform, 'gina')
    const work = [{ value: 'gina.new@example.org', primary: true }]
    await answered(200, patch(`/Users/${gina.id}`, { op: 'replace', path: 'emails', value: work }))
    expect((await signInAtProvider(platform, 'gina')).me).toMatchObject({ principal: 'user:gina' })
    await answered(200, patch(`/Users/${gina.id}`, { op: 'replace', path: 'userName', value: 'regina' }))
    expect([await rolesOf('user:gina'), await rolesOf('user:regina')]).toEqual([undefined, ['viewer']])
    expect((await platform.call('GET', '/api/v1/session', { cookie })).status).toBe(401)
  })

  it('loses a stream with the role that opened it', async () => {
    const hugo = await create('hugo@example.org')
    const readers = await group('Hugos', hugo)
    await map('Hugos', 'viewer')
    const { cookie } = await signInAtProvider(platform, 'hugo')
    const started = await platform.call('POST', '/api/v1/orchestrator/execute', owner, {
      skillId: 'workspace.read-file',
      input: { path: 'a.txt' },
    })
    const { runId } = (await started.json()) as { runId: string }
    const stream = await platform.call('GET', `/api/v1/runs/${runId}/events`, { cookie })
    await answered(200, patch(`/Groups/${readers.id}`, { op: 'remove', path: 'members' }))
    await expect(stream.text()).rejects.toThrow()
    expect((await platform.call('GET', '/api/v1/runs', { cookie })).status).toBe(403)
    expect((await platform.call('GET', '/api/v1/session', { cookie })).status).toBe(403)
  })

  it('is not the provider’s any more when the owner removes them, nor when the owner adds them by hand', async () => {
    const ida = await create('ida')
    expect((await platform.call('DELETE', '/api/v1/principals/user:ida', owner)).status).toBe(204)
    const renamed = patch(`/Users/${ida.id}`, { op: 'replace', path: 'displayName', value: 'Ida' })
    expect((await answered<ScimUser>(200, renamed)).active).toBe(false)
    expect(await rolesOf('user:ida')).toBeUndefined()
    const { keys } = person('user:ida')
    await platform.call('POST', '/api/v1/principals', owner, { id: 'user:ida', roles: ['auditor'], keys })
    await refused(409, patch(`/Users/${ida.id}`, { op: 'replace', path: 'active', value: true }), 'uniqueness')
    await answered(204, scim('DELETE', `/Users/${ida.id}`))
    expect(await rolesOf('user:ida')).toEqual(['auditor'])
  })
})

describe('a reviewer who was provisioned', () => {
  it('decides reviews with a key that they add just after signing in', async () => {
    const olga = await create('olga@example.org')
    await group('Reviewers', olga)
    await map('Reviewers', 'reviewer')
    const { me, cookie } = await signInAtProvider(platform, 'olga')
    const page = { cookie, 'x-azora-csrf': String(me.csrfToken) }
    const cli = createCli(join(home.path, 'none'), { XDG_CONFIG_HOME: home.path })
    const login = cli.start('login', '--server', platform.url)
    let shown = ''
    login.child.stdout?.on('data', (chunk) => {
      shown += chunk
    })
    await until(() => /approve-device \S+/.test(shown), 60_000, 'the code')
    const code = /approve-device (\S+)/.exec(shown)?.[1] ?? ''
    await platform.call('POST', `/api/v1/device-authorizations/${code}`, page, { decision: 'approve' })
    expect(await login.finished).toMatchObject({ code: 0 })

    const review = await reviewThatWaits()
    expect(await cli.run('review', 'deny', review.reviewId)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('identity add-key'),
    })
    const added = lastJson<SigningKeyAdded & { file: string }>(await cli.run('identity', 'add-key', '--json'))
    expect(added).toMatchObject({
      principal: 'user:olga@example.org',
      key: expect.stringMatching(/^azora\/user:olga@example\.org\+/),
    })
    expect(statSync(added.file).mode & 0o777).toBe(0o600)
    // Whoever asks again may not have had the answer.
    expect(await cli.run('identity', 'add-key')).toMatchObject({ code: 0 })
    expect(await cli.run('review', 'deny', review.reviewId)).toMatchObject({ code: 0 })
    const state = async (): Promise<string> =>
      ((await (await platform.call('GET', `/api/v1/runs/${review.runId}`, owner)).json()) as { state: string }).state
    await until(async () => (await state()) === 'fail', 30_000, 'the end of the run')
    expect(await flawsIn(review.runId)).toEqual([])

    const other = person('user:olga@example.org')
    const sessionId = String((me.session as SessionView).sessionId)
    const statement = { type: 'azora.signing-key.v1', principal: other.id, tenant: 'default', sessionId }
    const add = async (body: object, as: Record<string, string> = page): Promise<string> => {
      const answer = await platform.call('POST', '/api/v1/session/signing-key', as, body)
      return ((await answer.json()) as { code: string }).code
    }
    expect(await add(signStatement(statement, other.signer))).toBe('signing_key_exists')
    const elsewhere = signStatement({ ...statement, sessionId: randomUUID() }, other.signer)
    expect(await add(elsewhere)).toBe('signature_invalid')
    expect(await add({ ...signStatement(statement, other.signer), key: person(other.id).keys[0] })).toBe(
      'signature_invalid',
    )
    expect(await add(signStatement(statement, other.signer), owner)).toBe('no_session')
    await platform.database.db.query("update identity.session set started_at = now() - interval '11 minutes'")
    expect(await add(signStatement(statement, other.signer))).toBe('sign_in_too_old')
  })
})

describe('a bulk request', () => {
  const bulk = (Operations: object[], more: object = {}): Promise<ScimBulkResponse> =>
    answered(200, scim('POST', '/Bulk', { schemas: [BULK], Operations, ...more }))

  it('makes what names each other, in whatever order, and says what became of each', async () => {
    const { Operations } = await bulk([
      { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'Bulk', members: [{ value: 'bulkId:u' }] } },
      { method: 'POST', path: '/Users', bulkId: 'u', data: { userName: 'bulked' } },
      { method: 'POST', path: '/Users', bulkId: 'v', data: { userName: 'bulked' } },
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: { schemas: [PATCH], Operations: [{ op: 'remove', path: 'members' }] },
      },
      { method: 'DELETE', path: '/Users/bulkId:u' },
      { method: 'PUT', path: '/Users/bulkId:v', data: { userName: 'x' } },
      { method: 'POST', path: '/Devices', bulkId: 'd', data: {} },
    ])
    expect(Operations.map(({ method, bulkId, status }) => [method, bulkId, status])).toEqual([
      ['POST', 'u', '201'],
      ['POST', 'g', '201'],
      ['POST', 'v', '409'],
      ['PATCH', undefined, '200'],
      ['DELETE', undefined, '204'],
      ['PUT', undefined, '400'],
      ['POST', 'd', '404'],
    ])
    expect(Operations[2]?.response).toMatchObject({ scimType: 'uniqueness' })
    expect(await rolesOf('user:bulked')).toBeUndefined()
  })

  it('ends after so many errors, and finds what waits for itself', async () => {
    const bad = { method: 'DELETE', path: '/Users/nobody' }
    expect((await bulk([bad, bad, bad], { failOnErrors: 2 })).Operations).toHaveLength(2)
    const member = (name: string) => ({ displayName: name, members: [{ value: `bulkId:${name}` }] })
    const { Operations } = await bulk([{ method: 'POST', path: '/Groups', bulkId: 'self', data: member('self') }])
    expect(Operations).toMatchObject([{ status: '409' }])
    await refused(413, scim('POST', '/Bulk', { schemas: [BULK], Operations: Array(101).fill(bad) }))
  })
})

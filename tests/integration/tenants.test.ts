import { silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import {
  isLimitable,
  listOperations,
  type Operation,
  type PrincipalCreated,
  type PrincipalDecision,
  Role,
  type RunAccepted,
  SERVER_TENANT,
} from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer } from '../support/doors.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'
import { type Ask, REQUESTS } from '../support/tenant-requests.ts'
import { grantsOf, OF_TENANTS, plantRows, reaching, tablesWithTenants, tenantIn } from '../support/tenant-tables.ts'
import { ADMIN, furnish, nothing, send, type TestTenant, type Things } from '../support/tenants.ts'

// The whole platform with two tenants that have one of everything. Each operation of the contract is asked by one of them, and
// by the server's owner, for what the other has, and again for what nobody has.
const OPERATIONS = listOperations().map(({ group, name, operation }) => ({ name: `${group}.${name}`, operation }))
const ofScope = (scope: Operation['scope']) => OPERATIONS.filter(({ operation }) => operation.scope === scope)
const MS_MAX = 120_000

let platform: TestPlatform
let mine: TestTenant
let other: TestTenant

beforeAll(async () => {
  platform = await startPlatform()
  ;[mine, other] = await Promise.all([furnish(platform, 'acme'), furnish(platform, 'beta')])
}, MS_MAX)
afterAll(() => platform?.stop())

interface Answer {
  status: number
  text: string
}

async function ask(token: string, { method, path }: Operation, request: Ask): Promise<Answer> {
  const { params = {}, query, headers = {}, body } = request
  const filled = path.replaceAll(/\{(\w+)\*?\}/g, (_, name: string) => params[name] ?? 'x')
  const address = query ? `${filled}?${new URLSearchParams(query)}` : filled
  const sent = method === 'GET' || method === 'DELETE' ? undefined : (body ?? {})
  const answer = await platform.call(method, address, { ...bearer(token), ...headers }, sent)
  return { status: answer.status, text: await answer.text() }
}

/** What is said of things, without their names. */
const withoutNames = (text: string, things: Things): string =>
  Object.entries(things)
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce((left, [name, value]) => left.replaceAll(value, `{${name}}`), text)

/** What an answer tells of the other tenant's things that the request didn't name itself. */
function toldBy({ text }: Answer, request: Ask): string[] {
  const asked = JSON.stringify(request)
  const { index: _index, idempotencyKey: _key, ...things } = other.things
  return Object.values(things).filter((value) => text.includes(value) && !asked.includes(value))
}

/** All that somebody of the tenant can see of it, and what is on record for it. */
async function everythingOf({ token, things }: TestTenant, tenant: string): Promise<unknown> {
  const paths = ['runs', 'reviews', 'secrets', 'schedules', 'webhooks', 'principals', 'principal-links', 'sessions']
  const runs = [things.run, things.reviewedRun].flatMap((run) => [`runs/${run}`, `runs/${run}/entries`])
  const seen = [...paths, ...runs, `secrets/${things.secret}/uses`, `runs/${things.run}/artifacts/${things.artifact}`]
  const answers = await Promise.all(
    seen.map(async (path) => [path, await (await platform.call('GET', `/api/v1/${path}`, bearer(token))).text()]),
  )
  const entries = (await platform.journaled()).filter(({ header }) => header.tenant === tenant)
  return { answers, entries }
}

describe('an operation about things of a tenant', () => {
  it('has a row here, each of them', () => {
    expect(Object.keys(REQUESTS).sort()).toEqual(
      ofScope('tenant')
        .map(({ name }) => name)
        .sort(),
    )
  })

  it.each([
    ['somebody with every role in another tenant', 'acme'],
    ['the server’s owner', SERVER_TENANT],
  ])('answers %s as if what another tenant has were not there, and changes nothing of it', async (_who, tenant) => {
    const caller = tenant === 'acme' ? mine : { ...mine, token: platform.dataDir.ownerToken }
    if (tenant === 'acme') await giveEveryRole('acme')
    const before = await everythingOf(other, 'beta')
    for (const { name, operation } of ofScope('tenant')) {
      const nobodys = nothing()
      const rows = [other.things, nobodys].map((things) => REQUESTS[name]?.(things, caller) ?? [])
      for (const [at, request] of (rows[0] ?? []).entries()) {
        const theirs = await ask(caller.token, operation, request)
        const absent = await ask(caller.token, operation, rows[1]?.[at] ?? {})
        expect([name, toldBy(theirs, request)]).toEqual([name, []])
        expect([name, theirs.status]).toEqual([name, absent.status])
        expect([name, theirs.status < 500]).toEqual([name, true])
        if (theirs.status >= 400)
          expect([name, withoutNames(theirs.text, other.things)]).toEqual([name, withoutNames(absent.text, nobodys)])
      }
    }
    expect(await everythingOf(other, 'beta')).toEqual(before)
  })
})

/** In the database: no tenant but the server's has an owner or nodes. What is remembered of tokens goes with any change. */
async function giveEveryRole(tenant: string): Promise<void> {
  const change = 'update identity.credential set roles = $1 where tenant = $2 and principal = $3'
  await platform.database.db.query(change, [Role.options, tenant, ADMIN])
  const { things, admin } = { things: nothing(), admin: mine.admin }
  const body = { id: `${things.principal}-${tenant}`, roles: ['viewer'], keys: admin.keys }
  await send(platform, platform.dataDir.ownerToken, 'POST', '/api/v1/principals', body)
}

describe('an operation about the server', () => {
  it('is for people of its own tenant only, whatever roles others have', async () => {
    const operations = ofScope('server')
    expect(operations.length).toBeGreaterThan(20)
    for (const { name, operation } of operations) {
      const { status, text } = await ask(mine.token, operation, {})
      expect([name, status, JSON.parse(text).code]).toEqual([name, 403, 'server_only'])
    }
  })
})

it('only operations that are public belong to nobody', () => {
  for (const { name, operation } of OPERATIONS)
    expect([name, operation.scope === 'none']).toEqual([name, operation.permission === 'public'])
})

/** What comes of reaching for rows of another tenant. */
const OF_OTHERS: Record<string, unknown> = {
  SELECT: [{ tenant: 'acme' }],
  INSERT: expect.stringContaining('row-level security'),
  UPDATE: 0,
  DELETE: 0,
}

interface Asked {
  method: string
  path: string
  body?: unknown
}

describe('a statement within a tenant', () => {
  const withinMine = () => platform.database.db.within('acme')

  beforeAll(() => plantRows(platform.database.db, ['acme', 'beta']))

  it('may use the tables that are named here and no others, and each that says whose its rows are is named', async () => {
    const { db } = platform.database
    expect(await grantsOf(db)).toEqual(OF_TENANTS)
    expect(Object.keys(OF_TENANTS)).toEqual(expect.arrayContaining(await tablesWithTenants(db)))
  })

  it.each(Object.keys(OF_TENANTS))('%s: sees, makes, changes and removes rows of that tenant only', async (table) => {
    const { db } = platform.database
    const rowsOf = async (tenant: string): Promise<unknown[]> => {
      const text = `select to_jsonb(t) as row from ${table} t where ${tenantIn(table)} = $1 order by 1`
      return (await db.query<{ row: unknown }>(text, [tenant])).rows.map(({ row }) => row)
    }
    const theirs = await rowsOf('beta')
    expect([theirs, await rowsOf('acme')]).not.toContainEqual([])
    for (const [what, [text, values]] of Object.entries(reaching(table, 'beta', theirs[0]))) {
      const came = await withinMine()
        .query(text, values)
        .then(
          ({ rows, rowCount }) => (what === 'SELECT' ? rows : rowCount),
          ({ message }: Error) => message,
        )
      const isGranted = OF_TENANTS[table]?.split(' ').includes(what)
      expect([what, came]).toEqual([what, isGranted ? OF_OTHERS[what] : expect.stringContaining('permission denied')])
    }
    expect(await rowsOf('beta')).toEqual(theirs)
  })

  it('gives none of its rows away', async () => {
    for (const table of Object.keys(OF_TENANTS).filter((name) => OF_TENANTS[name]?.includes('UPDATE')))
      await expect(withinMine().query(`update ${table} set tenant = 'beta'`)).rejects.toThrow('row-level security')
  })

  it.each([
    ['journal.entry', (): Asked => ({ method: 'GET', path: `runs/${mine.things.run}` })],
    ['webhooks.delivery', (): Asked => ({ method: 'GET', path: 'webhooks' })],
    ['http.answer', (): Asked => ({ method: 'POST', path: 'keys', body: { name: 'again', scopes: ['run.read'] } })],
  ])('is how %s is asked for somebody: nothing else answers in its place', async (table, asking) => {
    const { method, path, body } = asking()
    const status = async (): Promise<number> => {
      const headers = { ...bearer(mine.token), ...(body !== undefined && { 'idempotency-key': `walls ${table}` }) }
      return (await platform.call(method, `/api/v1/${path}`, headers, body)).status
    }
    await platform.database.db.query(`revoke all on ${table} from azora_tenant`)
    const without = await status()
    await platform.database.db.query(`grant ${OF_TENANTS[table]?.replaceAll(' ', ', ')} on ${table} to azora_tenant`)
    expect([without, await status()]).toEqual([500, method === 'GET' ? 200 : 201])
  })

  it('is not what keeps somebody out of a group of another tenant: that holds for the server too', async () => {
    const planted = platform.database.db.query(
      `insert into identity.scim_member (tenant, group_id, user_id)
       select g.tenant, g.group_id, u.user_id from identity.scim_group g join identity.scim_user u on u.tenant <> g.tenant`,
    )
    await expect(planted).rejects.toThrow('foreign key')
  })

  it('leaves nothing of it behind on the connection, also when it fails', async () => {
    const one = createDb({ connection: platform.database.connection, max: 1, log: silentLog })
    await one.within('acme').query('select 1')
    await expect(one.within('acme').query('select 1 / 0')).rejects.toThrow('division by zero')
    const { rows } = await one.query("select current_user as who, current_setting('azora.tenant', true) as tenant")
    expect(rows).toEqual([{ who: 'azora', tenant: '' }])
    expect(() => one.within("beta'; drop schema identity; --")).toThrow('no tenant')
    await one.close()
  })
})

describe('a role for runs that one has started oneself', () => {
  const LIMITED = ['run.create', 'run.manage', 'run.read', 'run.replay', 'run.signal', 'review.decide', 'review.read']
  const id = 'user:acme-carl'
  const name = 'custom:acme-own'
  const asAlice = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    send<T>(platform, mine.token, method, path, body)
  let token = ''
  let own = ''

  beforeAll(async () => {
    await asAlice('POST', '/api/v1/roles', { name, may: LIMITED, own: true })
    const keys = mine.admin.keys
    const carl = await asAlice<PrincipalCreated>('POST', '/api/v1/principals', { id, roles: [name], keys })
    token = carl.token ?? ''
    const work = { skillId: 'text.measure', input: { text: 'of carl' } }
    const run = await send<RunAccepted>(platform, token, 'POST', '/api/v1/orchestrator/execute', work)
    own = run.runId
  })

  it('lets in to no operation that does not ask about each run', async () => {
    const others = ofScope('tenant').filter(({ operation: { permission } }) => isLimitable(permission as never))
    const closed = others.filter(({ operation }) => !operation.forSomeRuns)
    const ofFiles = ['list', 'get', 'remove', 'put'].map((name) => `artifacts.${name}`)
    expect(closed.map((one) => one.name)).toEqual([...ofFiles, 'replays.start'])
    for (const { operation } of closed) expect((await ask(token, operation, {})).status).toBe(403)
  })

  it('answers as if the runs, reviews and schedules of others were not there', async () => {
    // Keys and names are the tenant's, whoever took them.
    const ofTenant = ['orchestrator.execute', 'orchestrator.plan', 'schedules.create']
    const asked = OPERATIONS.filter(({ name: one, operation }) => operation.forSomeRuns && !ofTenant.includes(one))
    expect(asked.length).toBeGreaterThan(15)
    for (const { name: one, operation } of asked) {
      const nobodys = nothing()
      const [rows, absentRows] = [mine.things, nobodys].map((things) => REQUESTS[one]?.(things, mine) ?? [])
      for (const [at, { headers: _key, ...request }] of (rows ?? []).entries()) {
        const theirs = await ask(token, operation, request)
        const absent = await ask(token, operation, { ...absentRows?.[at], headers: {} })
        expect([one, theirs.status]).toEqual([one, absent.status])
        expect([one, theirs.text.includes(mine.things.mark)]).toEqual([one, JSON.stringify(request).includes('mark')])
      }
    }
  })

  it('shows and lists their own', async () => {
    const read = <T>(path: string): Promise<T> => send<T>(platform, token, 'GET', path)
    expect(await read(`/api/v1/runs/${own}`)).toMatchObject({ id: own, owner: id })
    const { items } = await read<{ items: Array<{ owner: string }> }>('/api/v1/runs?limit=1')
    expect(items).toMatchObject([{ owner: id }])
  })

  it('is explained for each run', async () => {
    const can = (run: string): Promise<PrincipalDecision> =>
      asAlice('GET', `/api/v1/principals/${id}/can?action=run.read&resource=${run}`)
    expect(await can(own)).toMatchObject({ allowed: true, resource: own, policies: [{ id: `${name}/run` }] })
    expect(await can(mine.things.run)).toMatchObject({ allowed: false, policies: [] })
  })

  it('is not removed while somebody has it, nor given by who may less', async () => {
    const remove = (): Promise<Response> => platform.call('DELETE', `/api/v1/roles/${name}`, bearer(mine.token))
    const refused = await remove()
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'role_in_use', detail: /acme-carl/ }])
    await asAlice('DELETE', `/api/v1/principals/${id}`)
    expect((await remove()).status).toBe(204)
    const beyond = await platform.call('POST', '/api/v1/roles', bearer(other.token), {
      name: 'custom:beta-law',
      may: ['constitution.activate'],
    })
    expect(beyond.status).toBe(403)
    const kinds = (await platform.journaled()).map(({ header }) => header.kind)
    expect(kinds).toEqual(expect.arrayContaining(['role.created', 'role.removed']))
  })
})

// It takes from the tenant what was asked for, so it is the last.
describe('what was asked for', () => {
  it('is answered otherwise to those whose things they are, or nothing would have been shown', async () => {
    await giveEveryRole('beta')
    const same: string[] = []
    for (const { name, operation } of ofScope('tenant')) {
      // Of these nothing is made here.
      if (/^(webhooks|scim|provisioning)\./.test(name)) continue
      const [theirs] = REQUESTS[name]?.(other.things, other) ?? []
      const [absent] = REQUESTS[name]?.(nothing(), other) ?? []
      if (!absent || (await ask(other.token, operation, absent)).status < 400) continue
      const { status } = await ask(other.token, operation, theirs ?? {})
      if (status === 404) same.push(name)
    }
    // A device that was decided about is gone; there is no provider, no erasure and no law of that digest.
    expect(same).toEqual(['devices.show', 'devices.decide', 'oidc.link', 'constitution.files', 'erasures.get'])
  })
})

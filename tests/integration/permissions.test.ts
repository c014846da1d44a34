import { randomBytes } from 'node:crypto'
import { clockOf, createLocalKeyWrap, silentLog } from '@azora/base'
import { KeyScope, listOperations, Role } from '@azora/contracts'
import { createIdentity, createSignIn, createToken, type Identity, may, type SignIn } from '@azora/identity'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { serve } from '../../apps/server/http/serve.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { addressOf, bearer, WRONG_TOKENS } from '../support/doors.ts'

// The server's door with principals in Postgres, and behind it every operation that is declared; what gets in is answered
// at once, so that nothing is done.
const PASSED = 299
const ORIGIN = 'https://azora.example'
const OPERATIONS = listOperations()
const ROLES = Role.options
const tokens = Object.fromEntries(ROLES.map((role) => [role, createToken()])) as Record<Role, string>
let postgres: TestPostgres
let database: TestDatabase
let identity: Identity
let signIn: SignIn
let app: App
let now = Date.now()

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  identity = await createIdentity({ db: database.db })
  for (const role of ROLES)
    await identity.assign(tokens[role], { id: `user:${role}`, tenant: 'default', roles: [role], keys: [] })
  signIn = createSignIn({
    db: database.db,
    identity,
    record: async () => {},
    keyWrap: createLocalKeyWrap(randomBytes(32)),
    origin: () => ORIGIN,
    tenant: 'default',
    clock: clockOf(() => now),
    log: silentLog,
  })
  app = await createApp({ resolve: signIn.resolve, origin: () => ORIGIN, log: silentLog })
  app.addHook('onRequest', (_request, reply) => reply.code(PASSED).send())
  for (const { operation } of OPERATIONS)
    serve(app, operation, async () => {
      throw new Error('nothing comes this far')
    })
  await app.ready()
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  await postgres?.stop()
})

/** A key of somebody with the role, by default with all that keys can have of what the role allows. */
async function keyOf(
  role: Role,
  scopes: KeyScope[] = KeyScope.options.filter((scope) => may({ roles: [role] }, scope)),
) {
  const owner = { id: `user:${role}`, tenant: 'default', roles: [role], keys: [] }
  return signIn.apiKeys.create(owner, { name: 'test', scopes, expiresInDays: 1 })
}

/** What each operation answers to a token, in the order of `OPERATIONS`. */
const answersTo = (token: string): Promise<number[]> =>
  Promise.all(
    app.routeTable.map(async (route) => {
      const { statusCode } = await app.inject({
        method: route.operation.method,
        url: addressOf(route).replace('*', '000'),
        headers: bearer(token),
      })
      return statusCode
    }),
  )

describe('every operation', () => {
  it('lets in the roles of the table that people have reviewed, and nobody else', async () => {
    const columns: number[][] = []
    const credentials = [...ROLES.map((role) => tokens[role]), (await keyOf('owner')).key]
    for (const credential of credentials) columns.push(await answersTo(credential))
    for (const status of columns.flat()) expect([PASSED, 403]).toContain(status)
    const rows = OPERATIONS.map(({ group, name, operation }, at) => {
      const cells = columns.map((column) => (column[at] === PASSED ? 'yes' : '·'))
      return `| \`${group}.${name}\` | ${operation.permission} | ${cells.join(' | ')} |`
    })
    await expect(`${HEAD}\n${rows.join('\n')}\n${FOOT}`).toMatchFileSnapshot('../../docs/reference/permissions.md')
  })

  it('that is not public refuses who shows nothing, or nothing that is known', async () => {
    for (const token of WRONG_TOKENS) expect(await answersTo(token)).toEqual(STRANGER)
  })

  it('refuses a token that was replaced, and one whose principal was removed', async () => {
    const [old, next] = [createToken(), createToken()]
    const bob = { id: 'user:bob', tenant: 'default', roles: ['admin' as const], keys: [] }
    await identity.assign(old, bob)
    expect(await answersTo(old)).toEqual(await answersTo(tokens.admin))
    await identity.assign(next, bob)
    expect(await answersTo(old)).toEqual(STRANGER)
    await identity.remove('default', bob.id, async () => {})
    expect(await answersTo(next)).toEqual(STRANGER)
  })

  it('refuses somebody without a role', async () => {
    const token = createToken()
    await identity.assign(token, { id: 'user:nothing', tenant: 'default', roles: [], keys: [] })
    expect(await answersTo(token)).toEqual(STRANGER.map((status) => (status === 401 ? 403 : status)))
  })
})

describe('a credential that holds no longer lets nobody in:', () => {
  const DAY_MS = 86_400_000
  afterEach(() => {
    now = Date.now()
  })

  it('an expired key', async () => {
    const { key } = await keyOf('viewer')
    expect(await answersTo(key)).toContain(PASSED)
    now += DAY_MS
    expect(await answersTo(key)).toEqual(STRANGER)
  })

  it('a revoked key, and one that was rotated', async () => {
    const [revoked, rotated] = [await keyOf('viewer'), await keyOf('viewer')]
    for (const { key } of [revoked, rotated]) expect(await answersTo(key)).toContain(PASSED)
    const viewer = { id: 'user:viewer', tenant: 'default', roles: ['viewer' as const], keys: [] }
    await signIn.apiKeys.revoke(viewer, revoked.keyId)
    const { key } = await signIn.apiKeys.rotate(viewer, rotated.keyId, { overlapSeconds: 0 })
    for (const { key } of [revoked, rotated]) expect(await answersTo(key)).toEqual(STRANGER)
    expect(await answersTo(key)).toContain(PASSED)
  })

  it('a key of a principal who was removed, also when the name is given again', async () => {
    const carol = { id: 'user:carol', tenant: 'default', roles: ['viewer' as const], keys: [] }
    await identity.add(carol, async () => {})
    const { key } = await signIn.apiKeys.create(carol, { name: 'test', scopes: ['run.read'], expiresInDays: 1 })
    expect(await answersTo(key)).toContain(PASSED)
    await identity.remove('default', carol.id, async () => {})
    expect(await answersTo(key)).toEqual(STRANGER)
    await identity.add(carol, async () => {})
    expect(await answersTo(key)).toEqual(STRANGER)
  })

  it('an expired session, and one that was ended', async () => {
    const viewer = { id: 'user:viewer', tenant: 'default' }
    const [old, ended] = [await signIn.sessions.start(viewer, 'link'), await signIn.sessions.start(viewer, 'link')]
    expect(await answersTo(old.secret)).toEqual(await answersTo(tokens.viewer))
    await signIn.sessions.end(viewer, ended.session, 'ended')
    expect(await answersTo(ended.secret)).toEqual(STRANGER)
    now += 7 * DAY_MS
    expect(await answersTo(old.secret)).toEqual(STRANGER)
  })

  it('an expired short-lived token', async () => {
    const viewer = { id: 'user:viewer', tenant: 'default', roles: ['viewer' as const], keys: [] }
    const token = await signIn.tokens.issue(viewer, { session: undefined, audience: undefined, seconds: 60 })
    expect(await answersTo(token)).toEqual(await answersTo(tokens.viewer))
    now += 61_000
    expect(await answersTo(token)).toEqual(STRANGER)
  })
})

describe('a key', () => {
  it('with one scope gets in where that right is needed, and nowhere else', async () => {
    for (const scope of KeyScope.options) {
      const wanted = OPERATIONS.map(({ operation: { permission } }) =>
        permission === 'public' || permission === scope ? PASSED : 403,
      )
      expect(await answersTo((await keyOf('owner', [scope])).key), scope).toEqual(wanted)
    }
  })

  it('allows what the roles of its owner allow at that moment', async () => {
    const dave = { id: 'user:dave', tenant: 'default', keys: [] }
    const token = createToken()
    await identity.assign(token, { ...dave, roles: ['admin'] })
    const admin = { ...dave, roles: ['admin' as const] }
    const scopes: KeyScope[] = ['run.read', 'secret.read']
    const { key } = await signIn.apiKeys.create(admin, { name: 'test', scopes, expiresInDays: 1 })
    const passed = async () =>
      new Set(
        (await answersTo(key)).flatMap((status, at) => (status === PASSED ? OPERATIONS[at]?.operation.permission : [])),
      )
    expect(await passed()).toEqual(new Set(['public', 'run.read', 'secret.read']))
    await identity.assign(token, { ...dave, roles: ['viewer'] })
    expect(await passed()).toEqual(new Set(['public', 'run.read']))
  })
})

/** What a stranger is answered. */
const STRANGER = OPERATIONS.map(({ operation }) => (operation.permission === 'public' ? PASSED : 401))

const HEAD = `# Permissions

Who may call which operation, as a server answers when it is asked as each role. Generated: a change of a cell is a change
of who may do what, so review it as one. What the words mean: [permissions](../concepts/permissions.md).

| operation | needs | ${ROLES.join(' | ')} | key |
|---|---|${ROLES.map(() => '---|').join('')}---|`

const FOOT = `
\`key\` is an [API key](../guides/api-keys.md) of the owner with every scope that a key can have. A key with one scope gets in
where that right is needed and is answered 403 everywhere else.

Public operations apart, 401 is answered to: no credential, an unknown one, a token that was replaced; an expired, revoked or
rotated key; an expired or ended session; an expired short-lived token; and whatever a principal had who was removed, also when
the name is given again.
`

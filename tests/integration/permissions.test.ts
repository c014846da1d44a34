import { silentLog } from '@azora/base'
import { listOperations, Role } from '@azora/contracts'
import { createIdentity, createToken, type Identity } from '@azora/identity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { serve } from '../../apps/server/http/serve.ts'
import { startPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { addressOf, bearer, byBearer, WRONG_TOKENS } from '../support/doors.ts'

// The server's door with principals in Postgres, and behind it every operation that is declared; what gets in is answered
// at once, so that nothing is done.
const PASSED = 299
const OPERATIONS = listOperations()
const ROLES = Role.options
const tokens = Object.fromEntries(ROLES.map((role) => [role, createToken()])) as Record<Role, string>
let postgres: TestPostgres
let database: TestDatabase
let identity: Identity
let app: App

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.createDatabase()
  identity = await createIdentity({ db: database.db })
  for (const role of ROLES)
    await identity.assign(tokens[role], { id: `user:${role}`, tenant: 'default', roles: [role], keys: [] })
  app = await createApp({ resolve: byBearer(identity), origin: () => '', log: silentLog })
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
    for (const role of ROLES) columns.push(await answersTo(tokens[role]))
    for (const status of columns.flat()) expect([PASSED, 403]).toContain(status)
    const rows = OPERATIONS.map(({ group, name, operation }, at) => {
      const cells = columns.map((column) => (column[at] === PASSED ? 'yes' : '·'))
      return `| \`${group}.${name}\` | ${operation.permission} | ${cells.join(' | ')} |`
    })
    await expect(`${HEAD}\n${rows.join('\n')}\n`).toMatchFileSnapshot('../../docs/reference/permissions.md')
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

/** What a stranger is answered. */
const STRANGER = OPERATIONS.map(({ operation }) => (operation.permission === 'public' ? PASSED : 401))

const HEAD = `# Permissions

Who may call which operation, as a server answers when it is asked as each role. Generated: a change of a cell is a change
of who may do what, so review it as one. What the words mean: [permissions](../concepts/permissions.md).

| operation | needs | ${ROLES.join(' | ')} |
|---|---|${ROLES.map(() => '---|').join('')}`

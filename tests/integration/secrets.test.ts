import { randomBytes } from 'node:crypto'
import { createLocalKeyWrap, silentLog, systemClock } from '@azora/base'
import { NewSecret } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createRecipient, createSecrets, type Secrets } from '@azora/secrets'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, openJournal } from '../support/journal.ts'
import { everythingIn } from '../support/planted.ts'

const OWNER = { id: 'user:owner', tenant: 'default' }
const aSecret = (change: Partial<Parameters<typeof NewSecret.parse>[0] & object> = {}) =>
  NewSecret.parse({ name: 'TOKEN', value: 'planted-value-1', hosts: ['api.example.com'], ...change })

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let secrets: Secrets
const keyWrap = createLocalKeyWrap(randomBytes(32))
const open = (): Promise<Secrets> =>
  createSecrets({ db: database.db, journal, keyWrap, clock: systemClock, log: silentLog })

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
  secrets = await open()
})
afterEach(async () => {
  secrets.close()
  await journal.close()
  await database.close()
})

describe('a secret', () => {
  it('is put, listed without its value, rotated, revoked and removed, each on record', async () => {
    await secrets.put(OWNER, aSecret())
    expect(secrets.list('default')).toMatchObject([
      {
        name: 'TOKEN',
        place: { in: 'header', name: 'authorization', format: 'Bearer {}' },
        leases: 0,
        versions: [{ version: 1, state: 'current' }],
      },
    ])
    const rotated = await secrets.rotate(OWNER, 'TOKEN', { value: 'planted-value-2', now: false })
    expect(rotated.versions.map(({ version, state }) => [version, state])).toEqual([
      [2, 'current'],
      [1, 'superseded'],
    ])
    const again = await secrets.rotate(OWNER, 'TOKEN', { value: 'planted-value-3', now: true })
    expect(again.versions.map(({ state }) => state)).toEqual(['current', 'revoked', 'revoked'])
    const revoked = await secrets.revoke(OWNER, 'TOKEN')
    expect(revoked.versions.map(({ state }) => state)).toEqual(['revoked', 'revoked', 'revoked'])
    await secrets.remove(OWNER, 'TOKEN')
    expect(secrets.list('default')).toEqual([])
    const entries = await journal.read(0, 100)
    expect(entries.map(({ header }) => header.kind)).toEqual([
      'secret.put',
      'secret.rotated',
      'secret.rotated',
      'secret.revoked',
      'secret.removed',
    ])
    expect(await everythingIn(database.db)).not.toContain('planted-value')
  })

  it('is found nowhere in the database, in no encoding', async () => {
    await secrets.put(OWNER, aSecret())
    const all = await everythingIn(database.db)
    const value = Buffer.from('planted-value-1')
    for (const form of ['utf8', 'hex', 'base64'] as const) expect(all).not.toContain(value.toString(form))
    expect(all).toContain('api.example.com')
  })

  it('belongs to its tenant', async () => {
    await secrets.put(OWNER, aSecret())
    const stranger = { id: 'user:other', tenant: 'other' }
    expect(secrets.list('other')).toEqual([])
    await expect(secrets.rotate(stranger, 'TOKEN', { value: 'x'.repeat(9), now: true })).rejects.toMatchObject({
      code: 'secret_not_found',
    })
    await secrets.put(stranger, aSecret())
    expect(secrets.list('default')).toHaveLength(1)
  })

  it('outlives the server', async () => {
    await secrets.put(OWNER, aSecret({ expiresAt: '2099-01-01T00:00:00.000Z', environment: true, leaseMs: 5_000 }))
    expect((await open()).list('default')).toEqual(secrets.list('default'))
  })

  it.each([
    ['one that exists', { name: 'TAKEN' }, 'secret_exists'],
    ['a line feed in a header', { value: 'two lines\nof it' }, 'secret_value_unfit'],
    ['an end that has passed', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiry_past'],
  ])('is refused: %s', async (_what, change, code) => {
    await secrets.put(OWNER, aSecret({ name: 'TAKEN' }))
    await expect(secrets.put(OWNER, aSecret(change))).rejects.toMatchObject({ code })
  })

  it.each(['short', ''])('is refused when it could be guessed: %j', (value) => {
    expect(() => aSecret({ value })).toThrow()
  })

  it.each(['host', 'Content-Length', 'transfer-encoding', 'a b', 'x\r\ny'])('stands in no header %j', (name) => {
    expect(() => aSecret({ place: { in: 'header', name } })).toThrow()
  })

  it('that is put by two at one time is put once', async () => {
    const both = await Promise.allSettled([secrets.put(OWNER, aSecret()), secrets.put(OWNER, aSecret())])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
  it('that is revoked while it is being lent is not lent, and stays revoked', async () => {
    const { environment: _, value: __, ...terms } = aSecret()
    await secrets.put(OWNER, aSecret())
    const holder = { tenant: 'default', run: newRunId(), stepId: 'a', actionDigest: 'a'.repeat(64), node: 'node:n' }
    const use = { ...terms, slot: 'token', version: 'current' as const, mode: 'brokered' as const }
    const { publicKey: key } = await createRecipient()
    const ends: string[] = []
    const lent: Array<Promise<unknown>> = []
    // The revocation is on record, and nobody in this process knows yet.
    const stop = journal.subscribe((entries) => {
      if (!entries.some(({ header }) => header.kind === 'secret.revoked')) return
      lent.push(secrets.lend({ holder, uses: [use], key }, (why) => ends.push(why)).catch(({ code }) => code))
    })
    await secrets.revoke(OWNER, 'TOKEN')
    stop()
    expect(await Promise.all(lent)).toEqual(['secret_revoked'])
    expect(ends).toEqual(['revoked'])
    expect(secrets.list('default')).toMatchObject([{ leases: 0, versions: [{ state: 'revoked' }] }])
    expect((await open()).list('default')).toMatchObject([{ versions: [{ state: 'revoked' }] }])
    const kinds = (await journal.read(0, 100)).map(({ header }) => header.kind)
    expect(kinds).toEqual(['secret.put', 'secret.revoked', 'secret.leased', 'lease.ended'])
  })
})

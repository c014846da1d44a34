import { randomBytes, randomUUID } from 'node:crypto'
import { createLocalKeyWrap } from '@azora/base'
import { dataClassOf } from '@azora/contracts'
import type { Journal, PayloadEncryption } from '@azora/journal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsInProofs } from '../support/evidence.ts'
import { liveRun, newRunId, newSigner, note, openJournal, schedule } from '../support/journal.ts'
import { everythingIn } from '../support/planted.ts'
import { OWNER, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const MARKER = `planted-${randomUUID()}`
const signer = newSigner()
const keyWrap = createLocalKeyWrap(randomBytes(32))
const encryption = (on: boolean, wrap = keyWrap): PayloadEncryption => ({
  keyWrap: wrap,
  on,
  covers: (kind) => dataClassOf(kind) !== undefined,
})

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  await open(encryption(true))
})
afterEach(async () => {
  await journal.close()
  await database.close()
})

async function open(how?: PayloadEncryption): Promise<void> {
  journal = await openJournal(database.db, { signer, ...(how && { encryption: how }) })
}

async function reopen(how?: PayloadEncryption): Promise<void> {
  await journal.close()
  await open(how)
}

const stored = async (index: number) =>
  (
    await database.db.query<{ payload: string; salt: Buffer | null }>(
      'select payload, salt from journal.entry where index = $1',
      [index],
    )
  ).rows[0]
const patternOf = async (run: string): Promise<unknown> => (await journal.readRun(run))[0]?.payload
const say = async (text: string): Promise<{ run: string; index: number }> => {
  const run = newRunId()
  const { header } = await journal.append(note(run, text))
  return { run, index: header.index }
}

describe('an encrypted payload', () => {
  it('is in the database neither in the clear nor guessable, and reads like any other', async () => {
    const { run, index } = await say(MARKER)
    expect(await everythingIn(database.db)).not.toContain(MARKER)
    expect(await stored(index)).toEqual({ payload: expect.stringMatching(/^azora1:/), salt: null })
    expect(await patternOf(run)).toEqual({ pattern: MARKER })
    expect((await journal.read(index, 1))[0]?.salt).toMatch(/^[0-9a-f]{32}$/)
    expect((await journal.scan('all', index - 1))[0]?.payload).toContain(MARKER)
    expect((await journal.last('agent.recognized'))?.payload).toEqual({ pattern: MARKER })
    await reopen(encryption(true))
    expect(await patternOf(run)).toEqual({ pattern: MARKER })
    const whole = await liveRun(journal)
    expect(await flawsInProofs(journal, whole)).toEqual([])
  })

  it('leaves in the clear what the system works by', async () => {
    const payload = { principal: 'user:bob', roles: [], keys: [] }
    const { header } = await journal.append({
      kind: 'principal.added',
      tenant: 'default',
      actor: 'user:owner',
      payload,
    })
    expect((await stored(header.index))?.payload).toContain('user:bob')
  })

  it('stands beside older and newer ones in the clear', async () => {
    await reopen(encryption(false))
    const before = await say('before')
    await reopen(encryption(true))
    const within = await say('within')
    await reopen(encryption(false))
    const after = await say('after')
    for (const [one, sealed] of [
      [before, false],
      [within, true],
      [after, false],
    ] as const)
      expect((await stored(one.index))?.payload.startsWith('azora1:')).toBe(sealed)
    expect(await Promise.all([before, within, after].map(({ run }) => patternOf(run)))).toEqual([
      { pattern: 'before' },
      { pattern: 'within' },
      { pattern: 'after' },
    ])
    await expect(journal.rotatePayloadKey({ tenant: 'default', actor: 'user:owner' })).rejects.toMatchObject({
      code: 'payload_encryption_off',
    })
  })

  it('has its tenant’s key, and after a rotation a new one', async () => {
    const [first, other] = [await say('first'), newRunId()]
    await journal.append(schedule(other, { tenant: 'other' }))
    const keys = await journal.rotatePayloadKey({ tenant: 'default', actor: 'user:owner' })
    expect(keys.map(({ state }) => state)).toEqual(['retired', 'active'])
    const second = await say('second')
    const keyOf = async (index: number) => (await stored(index))?.payload.split(':')[1]
    expect([await keyOf(first.index), await keyOf(second.index)]).toEqual(keys.map(({ id }) => id))
    expect(journal.payloadKeys('other')).toMatchObject([{ state: 'active', kek: keyWrap.keyId }])
    expect((await journal.last('journal.payload_key_rotated'))?.payload).toEqual({ key: keys[1]?.id })
    await reopen(encryption(true))
    expect(journal.payloadKeys('default')).toEqual(keys)
    expect(await patternOf(first.run)).toEqual({ pattern: 'first' })
    expect(await keyOf((await say('third')).index)).toBe(keys[1]?.id)
  })

  it('is erased like any other', async () => {
    const { run, index } = await say(MARKER)
    const { header } = await journal.append(note(newRunId(), 'why'))
    await journal.erase([index], header.index)
    expect(await stored(index)).toEqual({ payload: null, salt: null })
    expect((await journal.records(run))[0]).toMatchObject({ erasedBy: header.index })
  })

  it('does not open in another place, or when it was changed', async () => {
    const [first, second] = [await say('first'), await say('second')]
    const change = async (sql: string) => {
      await database.db.query('alter table journal.entry disable trigger all')
      await database.db.query(sql)
    }
    await change(`update journal.entry a set payload = b.payload from journal.entry b
      where a.index = ${first.index} and b.index = ${second.index}`)
    await expect(journal.readRun(first.run)).rejects.toMatchObject({ code: 'payload_unreadable' })
    expect(await patternOf(second.run)).toEqual({ pattern: 'second' })
    await change(
      `update journal.entry set header = replace(header, 'user:owner', 'user:other') where index = ${second.index}`,
    )
    await expect(journal.readRun(second.run)).rejects.toMatchObject({ code: 'payload_unreadable' })
  })
})

describe('without the right key', () => {
  it('a server does not start, and says what is missing', async () => {
    await say(MARKER)
    await journal.close()
    await expect(open()).rejects.toMatchObject({ code: 'payload_key_missing', remedy: expect.stringContaining('key') })
    const wrong = encryption(true, createLocalKeyWrap(randomBytes(32)))
    await expect(open(wrong)).rejects.toMatchObject({
      code: 'payload_key_locked',
      message: expect.stringContaining(keyWrap.keyId),
    })
    await open(encryption(true))
  })

  it('a server whose database lost a key does not start, and names the entry', async () => {
    const { index } = await say(MARKER)
    await journal.close()
    const { rows } = await database.db.query<object>('delete from journal.data_key returning *')
    await expect(open(encryption(true))).rejects.toMatchObject({
      code: 'payload_key_missing',
      message: expect.stringContaining(`entry ${index}`),
    })
    await database.db.query(
      'insert into journal.data_key select * from json_populate_recordset(null::journal.data_key, $1)',
      [
        JSON.stringify(
          rows.map((row) => ({ ...row, wrapped: `\\x${(row as { wrapped: Buffer }).wrapped.toString('hex')}` })),
        ),
      ],
    )
    await open(encryption(true))
  })
})

describe('the orchestrator', () => {
  it('carries runs to their end over encrypted payloads, also after a restart', async () => {
    await journal.close()
    const start = () =>
      startServer({ db: database.connect(), world: createWorld(), signer, encryption: encryption(true) })
    const server = await start()
    const run = await server.run([[{ id: 'a', skill: 'test.read', input: { text: MARKER } }]], {
      input: { about: MARKER },
    })
    await server.reaches(run, 'success')
    await server.stop()
    expect(await everythingIn(database.db)).not.toContain(MARKER)
    const successor = await start()
    expect((await successor.orchestrator.list(OWNER, { limit: 5 })).items).toMatchObject([
      { id: run, input: { about: MARKER } },
    ])
    expect((await successor.orchestrator.show(OWNER, run)).actions[0]?.input).toEqual({ text: MARKER })
    await successor.stop()
    await open(encryption(true))
  })
})

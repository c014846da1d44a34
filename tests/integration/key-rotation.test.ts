import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { move, silentLog, systemClock, writeWhole } from '@azora/base'
import type { Db } from '@azora/base/db'
import { createJournal, type Journal, type KeyStore } from '@azora/journal'
import { createKeyTrust, openCheckpoint, parseVerifier, type Signer, type Verifier } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FileSteps, openJournalKeys } from '../../apps/server/local/journal-keys.ts'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsInProofs } from '../support/evidence.ts'
import { liveRun, newRunId, newSigner, note } from '../support/journal.ts'
import { tempDir } from '../support/temp-dir.ts'

const BY = { tenant: 'default', actor: 'user:owner' }
const HOUR_MS = 3_600_000
const SHARD = 'azora/test'
let postgres: TestPostgres
let database: TestDatabase
const folder = tempDir('rotation')
const keys = join(folder.path, 'keys')
const file = (name: string): string => join(keys, name)

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})
beforeEach(async () => {
  database = await postgres.createDatabase()
  await mkdir(keys)
})
afterEach(async () => {
  await database.close()
  await rm(keys, { recursive: true })
})

const STEPS: FileSteps = { write: writeWhole, move, remove: (path) => rm(path, { force: true }) }

async function open(db: Db = database.db, steps = STEPS): Promise<Journal> {
  const { signer, store } = await openJournalKeys(keys, SHARD, steps)
  return createJournal({ db, signer, keys: store, clock: systemClock, log: silentLog, onFenced: () => {} })
}

const checkpointOf = async (): Promise<string> =>
  (await database.db.query<{ checkpoint: string }>('select checkpoint from journal.shard')).rows[0]?.checkpoint ?? ''
const signs = async (key: string): Promise<boolean> => {
  const verifier = parseVerifier(key)
  return verifier !== undefined && openCheckpoint(await checkpointOf(), verifier) !== undefined
}
const publicKey = (): string => readFileSync(file('journal.vkey'), 'utf8').trim()

describe('a journal whose key is changed', () => {
  it('signs with both keys for the overlap, then with the new one, and forgets the old one', async () => {
    const journal = await open()
    const old = journal.status().key
    const [retiring, active] = await journal.rotateKey({ ...BY, overlapMs: 700 })
    expect([retiring, active]).toMatchObject([
      { key: old, state: 'retiring', until: expect.any(String) },
      { key: journal.status().key, state: 'active', from: expect.any(String) },
    ])
    await journal.append(note(newRunId(), 'in the overlap'))
    expect([await signs(old), await signs(journal.status().key)]).toEqual([true, true])
    for (const name of ['journal.key', 'journal.previous.key']) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
    await expect(journal.rotateKey({ ...BY, overlapMs: 0 })).rejects.toMatchObject({ code: 'rotation_in_progress' })

    await until(() => !existsSync(file('journal.previous.key')), 20_000, 'the old key to be forgotten')
    await journal.append(note(newRunId(), 'after it'))
    expect([await signs(old), await signs(journal.status().key)]).toEqual([false, true])
    expect(journal.keys()[0]).toMatchObject({ key: old, state: 'retired' })
    expect(publicKey()).toBe(journal.status().key)
    await journal.close()
  })

  it('opens again in the overlap and after it, and can be changed again and again', async () => {
    let journal = await open()
    const first = journal.status().key
    for (const overlapMs of [0, 300, 0]) {
      await journal.rotateKey({ ...BY, overlapMs })
      const { key } = journal.status()
      await journal.close()
      journal = await open()
      expect(journal.status().key).toBe(key)
      await journal.append(note(newRunId(), key))
      await new Promise((resolve) => setTimeout(resolve, overlapMs + 50))
    }
    expect(journal.keys().map(({ state }) => state)).toEqual(['retired', 'retired', 'retired', 'active'])
    expect(await flawsInProofs(journal, await liveRun(journal))).toEqual([])
    expect(leadsTo(journal, first)).toBe(true)
    await journal.close()
  })

  it('opens with no key that was retired before its last checkpoint', async () => {
    const journal = await open()
    const privateKey = readFileSync(file('journal.key'), 'utf8')
    await journal.rotateKey({ ...BY, overlapMs: 0 })
    await journal.close()
    await writeFile(file('journal.key'), privateKey)
    await expect(open()).rejects.toMatchObject({ code: 'journal_key_mismatch' })
  })

  it('keeps its key where nobody keeps keys for it', async () => {
    const signer = newSigner()
    const journal = await createJournal({
      db: database.db,
      signer,
      clock: systemClock,
      log: silentLog,
      onFenced: () => {},
    })
    await expect(journal.rotateKey({ ...BY, overlapMs: 0 })).rejects.toMatchObject({ code: 'rotation_unsupported' })
    await journal.close()
  })
})

/** Whether who trusts a key can follow to the newest one. */
function leadsTo(journal: Journal, key: string): boolean {
  const trust = createKeyTrust(parseVerifier(key) as Verifier)
  trust.follow(journal.keyChain())
  return trust.keysAt(Date.now()).some(({ text }) => text === journal.status().key)
}

describe('the chain of keys', () => {
  it('leads from every older key to the newest, and from no other', async () => {
    const journal = await open()
    const first = journal.status().key
    await journal.rotateKey({ ...BY, overlapMs: 0 })
    expect(leadsTo(journal, first)).toBe(true)
    expect(leadsTo(journal, newSigner().verifier.text)).toBe(false)
    expect(await flawsInProofs(journal, await liveRun(journal), first)).toEqual([
      'the checkpoint is not signed by the key',
    ])
    await journal.close()
  })
})

describe('a server that dies while the key is changed', () => {
  /** Lets so many steps happen; the one after them, and all else, never ends. */
  function mortal(stepsLeft: { count: number }): { steps: FileSteps; db: Db; died: Promise<void> } {
    let die: () => void = () => {}
    const died = new Promise<void>((resolve) => {
      die = resolve
    })
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      stepsLeft.count -= 1
      if (stepsLeft.count >= 0) return work()
      die()
      return new Promise(() => {})
    }
    const steps: FileSteps = {
      async write(path, text, mode) {
        await step(() => writeFile(`${path}.1.new`, text.slice(0, 20), { mode }))
        await step(() => writeWhole(path, text, mode))
      },
      move: (from, to) => step(() => move(from, to)),
      remove: (path) => step(() => STEPS.remove(path)),
    }
    const { db } = database
    const query: Db['query'] = (...args) =>
      args[2] === 'journal.append' ? step(() => db.query(...args)) : db.query(...args)
    return { steps, db: { ...db, query }, died }
  }

  it.each([
    ['with an overlap', HOUR_MS],
    ['without one', 0],
  ])('starts again, %s, whatever the moment, and changes its key', async (_what, overlapMs) => {
    const outcomes: boolean[] = []
    for (let moment = 0; ; moment += 1) {
      const left = { count: 1_000 }
      const { steps, db, died } = mortal(left)
      const dying = await open(db, steps)
      const run = await liveRun(dying)
      const first = dying.status().key
      left.count = moment
      const ended = await Promise.race([dying.rotateKey({ ...BY, overlapMs }).then(() => 'done'), died])
      void dying.close()

      const journal = await open()
      const rotated = journal.keys().length === 2
      outcomes.push(rotated)
      await journal.append(note(newRunId(), 'alive'))
      expect(await signs(journal.status().key)).toBe(true)
      expect(await flawsInProofs(journal, run)).toEqual([])
      expect(leadsTo(journal, first)).toBe(true)
      expectTidy(await openJournalKeys(keys, SHARD), journal, rotated && overlapMs > 0)
      if (!rotated) {
        await journal.rotateKey({ ...BY, overlapMs })
        expect(journal.keys().length).toBe(2)
        expect(journal.status().key).not.toBe(first)
      }
      await journal.close()
      if (ended === 'done') break
      await database.close()
      database = await postgres.createDatabase()
      await rm(keys, { recursive: true })
      await mkdir(keys)
    }
    // Some moments are before the change is on record, and some behind it.
    expect(outcomes.length).toBeGreaterThan(5)
    expect(outcomes.indexOf(true)).toBeGreaterThan(0)
    expect(outcomes.slice(outcomes.indexOf(true))).not.toContain(false)
  })
})

/** The files are as the journal says, and nothing else is left that signs. */
function expectTidy({ signer, store }: { signer: Signer; store: KeyStore }, journal: Journal, overlaps: boolean): void {
  expect(signer.verifier.text).toBe(journal.status().key)
  expect(publicKey()).toBe(journal.status().key)
  expect(store.signers().length).toBe(overlaps ? 2 : 1)
  expect(readdirSync(keys).filter((name) => name.endsWith('.new'))).toEqual([])
  expect([existsSync(file('journal.next.key')), existsSync(file('journal.previous.key'))]).toEqual([false, overlaps])
}

import type { PublishedCheckpoint } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { fromBase64, isConsistent, openCheckpoint, parseVerifier, type Verifier } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, newSigner, note, openJournal } from '../support/journal.ts'

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
const signer = newSigner()

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db, { signer })
})
afterEach(async () => {
  await journal.close()
  await database.close()
})

const fill = async (log: Journal, count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await log.append(note(newRunId(), `${at}`))
}
const history = (log: Journal): Promise<PublishedCheckpoint[]> => log.publishedCheckpoints(-1, 1_000)
const reopen = async (): Promise<void> => {
  await journal.close()
  journal = await openJournal(database.db, { signer })
}

describe('published checkpoints', () => {
  it('come at least once a second while entries arrive, signed, growing and with the times of their order', async () => {
    const stop = Date.now() + 3_500
    while (Date.now() < stop) {
      await fill(journal, 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const published = await history(journal)
    const verifier = parseVerifier(journal.status().key) as Verifier
    const times = published.map(({ publishedAt }) => Date.parse(publishedAt))
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
    expect(published[0]?.size).toBe(0)
    // The middle one, as a busy machine may hold up any single one.
    expect(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]).toBeLessThanOrEqual(1_000)
    expect(published.length).toBeLessThan(10)
    for (const [at, { size, root, note: text }] of published.entries()) {
      expect(openCheckpoint(text, verifier)).toMatchObject({ origin: 'azora/test', size })
      expect(openCheckpoint(text, verifier)?.root).toEqual(fromBase64(root))
      expect(size).toBeGreaterThan(published[at - 1]?.size ?? -1)
    }
    expect(journal.publishedCheckpoint()).toEqual(published.at(-1))
  })

  it('cover everything after a graceful stop, and nothing is published twice', async () => {
    const heard: number[] = []
    journal.onPublished(({ size }) => heard.push(size))
    await Promise.all([fill(journal, 7), fill(journal, 7)])
    await reopen()
    expect(heard.at(-1)).toBe(14)
    expect(journal.publishedCheckpoint().size).toBe(14)
    const before = await history(journal)
    await reopen()
    expect(await history(journal)).toEqual(before)
  })

  it('catch up at the start with what a crash left unpublished', async () => {
    await fill(journal, 3)
    const second = await openJournal(database.connect(), { signer })
    expect(second.publishedCheckpoint().size).toBe(3)
    await second.close()
  })

  it('are pages of the history', async () => {
    for (const count of [1, 2, 3]) {
      await fill(journal, count)
      await reopen()
    }
    const all = await history(journal)
    const paged: PublishedCheckpoint[] = []
    for (let page = await journal.publishedCheckpoints(-1, 2); page.length > 0; ) {
      paged.push(...page)
      page = await journal.publishedCheckpoints(page.at(-1)?.size ?? 0, 2)
    }
    expect(paged).toEqual(all)
  })

  it('bear the cosignatures that were added, the first of each witness', async () => {
    await fill(journal, 2)
    await reopen()
    const { size, note: bare } = journal.publishedCheckpoint()
    const lines = ['one', 'two'].map((name) => `— ${name} ${Buffer.from(`sig of ${name}`).toString('base64')}`)
    for (const line of lines) await journal.cosign({ size, witness: line.slice(2, 5), line })
    await journal.cosign({ size, witness: 'one', line: '— one bGF0ZXI=' })
    const cosigned = `${bare}${lines.toSorted().join('\n')}\n`
    expect(journal.publishedCheckpoint().note).toBe(cosigned)
    expect(openCheckpoint(cosigned, parseVerifier(journal.status().key) as Verifier)?.size).toBe(size)
    await reopen()
    expect(journal.publishedCheckpoint().note).toBe(cosigned)
  })

  it('are not published by a server that was taken over', async () => {
    await fill(journal, 2)
    const second = await openJournal(database.connect(), { signer })
    await fill(second, 2)
    await journal.close()
    expect((await history(second)).map(({ size }) => size)).not.toContain(4)
    await second.close()
    expect((await history(second)).at(-1)?.size).toBe(4)
  })

  it('continue one another, and that is proved between any two of them', async () => {
    for (const count of [1, 3, 250, 2, 7, 300]) {
      await Promise.all(Array.from({ length: count }, (_, at) => journal.append(note(newRunId(), `${at}`))))
      await reopen()
    }
    const published = await history(journal)
    expect(published.map(({ size }) => size)).toEqual(expect.arrayContaining([0, 1, 4, 254, 256, 263, 563]))
    for (const from of published)
      for (const to of published.filter(({ size }) => size >= from.size)) {
        const path = await journal.proveConsistency(from.size, to.size)
        const [older, newer] = [from, to].map(({ size, root }) => ({ size, root: Buffer.from(root, 'base64') }))
        expect(older && newer && isConsistent(older, newer, path)).toBe(true)
      }
  })
})

describe('what was published', () => {
  const TAMPERED: Array<[what: string, sql: string, message: string]> = [
    ['its size', 'update journal.checkpoint set size = size + 1 where size = 5', 'stored beside the note of another'],
    [
      'its root',
      "update journal.checkpoint set root = sha256('x') where size = 5",
      'stored beside the note of another',
    ],
    ['its note', "update journal.checkpoint set note = replace(note, E'\\n5\\n', E'\\n4\\n')", 'not signed by a key'],
    [
      'the log, whose tail was cut off',
      `delete from journal.entry where index >= 3; update journal.shard set size = s.size, frontier = s.frontier,
         checkpoint = s.checkpoint from kept s`,
      'of 5 entries is public, and the log holds only 3: its tail was cut off',
    ],
  ]
  it.each(TAMPERED)('keeps the journal closed once somebody changed %s', async (_, sql, message) => {
    await fill(journal, 3)
    await database.db.query('create table kept as select size, frontier, checkpoint from journal.shard')
    await fill(journal, 2)
    await journal.close()
    for (const table of ['checkpoint', 'entry'])
      await database.db.query(`alter table journal.${table} disable trigger all`)
    await database.db.query(sql)
    await expect(openJournal(database.db, { signer })).rejects.toMatchObject({
      code: 'journal_corrupt',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    'update journal.checkpoint set size = size + 1',
    'delete from journal.checkpoint',
    'truncate journal.checkpoint cascade',
    "update journal.cosignature set line = 'x'",
    'delete from journal.cosignature',
    'truncate journal.cosignature',
  ])('can not be changed: %s', async (sql) => {
    await journal.cosign({ size: 0, witness: 'w', line: '— w c2ln' })
    await expect(database.db.query(sql)).rejects.toThrow('append-only')
  })

  it('goes on after the database was away', async () => {
    await fill(journal, 1)
    await database.breakConnections()
    await fill(journal, 1)
    await until(() => journal.publishedCheckpoint().size === 2, 5_000, 'the checkpoint of 2 entries')
  })
})

import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog, systemClock } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { WitnessView } from '@azora/contracts'
import { leafHash, type Signer, signCheckpoint } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../apps/cli/testing/run-cli.ts'
import { openWitnesses } from '../../apps/server/witnesses/open.ts'
import { readStatus } from '../../apps/witness/status.ts'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { asSuperuser, forgeLog, type LogEntry } from '../support/forger.ts'
import { liveRun, newRunId, newSigner, note, openJournal } from '../support/journal.ts'
import { type LogServer, serveLog } from '../support/log-server.ts'
import { tempDir } from '../support/temp-dir.ts'
import { openWitness } from '../support/witness.ts'

const KEPT = 300
const SIZE = 320
const signer = newSigner('azora/main')
const other = newSigner('azora/main')
const folder = tempDir('attacks')
let postgres: TestPostgres
/** The log with 300 entries, and the same with 320: both public, and cosigned by the witness. */
let early: TestDatabase
let whole: TestDatabase
/** Checkpoint of all 320 entries that somebody kept. */
const kept = join(folder.path, 'kept.checkpoint')
const memory = join(folder.path, 'memory')
let empty: TestDatabase
/** The row of the shard when it had 300 entries. */
let earlyHead: { frontier: Buffer; checkpoint: string }
let sameTime: string
let count = 0

beforeAll(async () => {
  postgres = await openPostgres()
  empty = await postgres.createDatabase()
  await empty.close()
  early = await postgres.createDatabase()
  await grow(early, KEPT)
  whole = await postgres.createDatabase(early)
  writeFileSync(kept, await grow(whole, SIZE))
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})

/** Runs up to a size, public and cosigned; answers the checkpoint. */
async function grow(database: TestDatabase, size: number): Promise<string> {
  const journal = await openJournal(database.db, { signer })
  while (journal.status().size + 4 <= size) await liveRun(journal)
  while (journal.status().size < size) await journal.append(note(newRunId(), 'last'))
  await journal.close()
  const again = await openJournal(database.db, { signer })
  await witnessing(again, memory)
  const published = again.publishedCheckpoint().note
  const [entry] = await again.read(104, 1)
  sameTime = entry?.header.at ?? ''
  await again.close()
  const { rows } = await database.db.query<typeof earlyHead>('select frontier, checkpoint from journal.shard')
  if (size === KEPT) earlyHead = rows[0] as typeof earlyHead
  await database.close()
  return published
}

/** Shows the journal to the witness with this memory; answers what it makes of it. */
async function witnessing(journal: Awaited<ReturnType<typeof openJournal>>, state: string): Promise<WitnessView> {
  const witness = await openWitness({ state, logs: [signer.verifier.text] })
  const policy = join(folder.path, `policy-${++count}`)
  writeFileSync(policy, `witness w ${witness.key.text} ${witness.url}\nquorum w\n`)
  const witnesses = await openWitnesses(policy, { journal, tenant: 'default', clock: systemClock, log: silentLog })
  const view = (): WitnessView => witnesses?.view().witnesses[0] as WitnessView
  await until(() => view().size !== undefined || view().state !== 'ok', 10_000, 'the witness to answer')
  const answer = view()
  await witnesses?.stop()
  await witness.stop()
  return answer
}

/** What each party says about a log; undefined: nothing is wrong. */
interface Findings {
  /** The server, when it starts. */
  start?: string | undefined
  /** `azora audit verify` with the trusted key. */
  audit?: string | undefined
  /** The same by somebody who kept the checkpoint of 320 entries. */
  holder?: string | undefined
  /** The witness that saw 320 entries: what the server hears of it. */
  witness?: string | undefined
}

async function auditOf({ url, token }: LogServer, ...args: string[]): Promise<string | undefined> {
  const where = ['--url', url, '--token', token, '--trusted-key', signer.verifier.text, '--json']
  const { exit, stdout } = await cli('audit', 'verify', ...where, ...args)
  const { flaw } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { flaw?: { code: string; what: string } }
  expect(exit).toBe(flaw ? 7 : 0)
  return flaw && `${flaw.code}: ${flaw.what}`
}

async function look(database: TestDatabase, key: Signer): Promise<Findings> {
  let journal: Awaited<ReturnType<typeof openJournal>>
  try {
    journal = await openJournal(database.db, { signer: key })
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string }
    return { start: `${code}: ${message}` }
  }
  const server = await serveLog(database.db, journal)
  const audit = await auditOf(server)
  const holder = await auditOf(server, '--checkpoint', kept)
  await server.close()
  const state = join(folder.path, `memory-${++count}`)
  cpSync(memory, state, { recursive: true })
  const { state: answer, problem } = await witnessing(journal, state)
  await journal.close()
  if (answer === 'contradicts' && !problem?.startsWith('it saw'))
    expect((await readStatus(state)).findings).toMatchObject([{ origin: 'azora/main' }])
  return { audit, holder, witness: answer === 'ok' ? undefined : `${answer}: ${problem}` }
}

const EDIT = "header = replace(header, 'user:owner', 'user:other')"
const leafOf = (index: number): string =>
  `update journal.entry set leaf = sha256(decode('00', 'hex') || convert_to(header, 'UTF8')) where index = ${index}`
const renamed = (entry: LogEntry): LogEntry => ({ ...entry, header: { ...entry.header, actor: 'user:other' } })
const inPlace = (entry: LogEntry, index: number): LogEntry => ({ ...entry, header: { ...entry.header, index } })

/** Puts back what the shard's row was when the log had 300 entries: it was really signed then. */
const cut = async ({ db }: TestDatabase): Promise<void> => {
  await asSuperuser(db, `delete from journal.entry where index >= ${KEPT}`)
  await db.query('update journal.shard set size = $1, frontier = $2, checkpoint = $3', [
    KEPT,
    earlyHead.frontier,
    earlyHead.checkpoint,
  ])
}
/** A server of the attacker's, with the stolen key, goes on from there. */
const appendOthers = async ({ db }: TestDatabase, size: number): Promise<void> => {
  const journal = await openJournal(db, { signer })
  while (journal.status().size < size) await journal.append(note(newRunId(), 'other'))
  await journal.close()
}
/** Makes room for one entry at a place, and puts a copy of the one before it there. */
const insertAt = ({ db }: TestDatabase, index: number): Promise<void> =>
  asSuperuser(
    db,
    `update journal.entry set index = index + 10001 where index >= ${index}`,
    'update journal.entry set index = index - 10000 where index > 10000',
    `insert into journal.entry (shard, index, run, kind, header, leaf, payload, salt)
     select shard, ${index}, run, kind, header, leaf, payload, salt from journal.entry where index = ${index - 1}`,
  )
const swap = (a: number, b: number): string =>
  `update journal.entry set index = case index when ${a} then -2 else -1 end where index in (${a}, ${b});
   update journal.entry set index = case index when -2 then ${b} else ${a} end where index < 0`

interface Attack {
  what: string
  sql?: string[]
  /** Further steps, with the key that was stolen. */
  act?: (database: TestDatabase) => Promise<void>
  /** The copy of the database that it begins with. */
  from?: () => TestDatabase
  key?: Signer
  found: Findings
}

const CORRUPT = "journal_corrupt: journal shard azora/main doesn't match its last checkpoint: "
const UNPUBLISHED = 'journal_corrupt: journal shard azora/main: '
const REWRITTEN =
  'log_rewritten: the log does not continue the checkpoint of 320 entries that was kept: one of its first 320 entries was altered, or it is another log'
const truncated = (size: number): string =>
  `log_truncated: a checkpoint of ${SIZE} entries was kept, but the log has only ${size}: its tail was cut off, or it is another log`
const TWO_ROOTS = 'contradicts: 409: there are two roots for 320 entries'
const SAW_MORE = 'contradicts: it saw 320 entries of this log, which are not here'
const otherPast = (size: number): string =>
  `contradicts: 422: the first 320 entries of the log of ${size} are not those that were cosigned`
/** What the audit finds, its holder of a checkpoint finds too. */
const audited = (text: string): Findings => ({ audit: text, holder: text })

const ATTACKS: Attack[] = [
  { what: 'none at all', found: {} },
  {
    what: 'a header edited',
    sql: [`update journal.entry set ${EDIT} where index = 100`],
    found: audited(
      'header_altered: its header is not the one of the leaf that is stored beside it: one of them was altered',
    ),
  },
  {
    what: 'a header edited, and its leaf',
    sql: [`update journal.entry set ${EDIT} where index = 100`, leafOf(100)],
    found: audited(
      'node_differs: the kept node 8/0 is not the root of the entries 0 to 255: it or one of them was altered',
    ),
  },
  {
    what: 'the last header edited, and its leaf',
    sql: [`update journal.entry set ${EDIT} where index = 319`, leafOf(319)],
    found: { start: `${CORRUPT}its last entry, 319, or a node of its tree was changed` },
  },
  {
    what: 'a payload edited',
    sql: ["update journal.entry set payload = replace(payload, 'about', 'ABOUT') where index = 102"],
    found: audited('payload_altered: its payload or salt is not the one that its header commits to'),
  },
  {
    what: 'a payload removed',
    sql: ['update journal.entry set payload = null, salt = null where index = 102'],
    found: audited('payload_missing: its payload is gone, and no entry says that it was erased'),
  },
  {
    what: 'an entry deleted',
    sql: ['delete from journal.entry where index = 100'],
    found: audited('entry_missing: it is missing: entry 101 comes in its place'),
  },
  {
    what: 'an entry deleted near the end',
    sql: ['delete from journal.entry where index = 310'],
    found: { start: `${CORRUPT}its tree has holes: node 0:310 of shard azora/main is missing` },
  },
  {
    what: 'an entry inserted',
    act: (database) => insertAt(database, 100),
    found: { start: `${CORRUPT}entry 320 stands behind the last one that was signed, 319` },
  },
  {
    what: 'an entry inserted, with places, tree and signatures made new',
    async act(database) {
      await insertAt(database, 100)
      await asSuperuser(database.db, `update journal.shard set size = ${SIZE + 1}`)
      await forgeLog(database.db, signer, inPlace)
    },
    // The copied entry gives the same place in a run twice.
    found: {
      audit: expect.stringContaining('column_differs: it moves run'),
      holder: expect.stringContaining('column_differs: it moves run'),
      witness: otherPast(321),
    },
  },
  {
    what: 'two entries reordered',
    sql: [swap(100, 101)],
    found: audited('header_altered: its header says that it is entry 101'),
  },
  {
    what: 'two entries of different runs reordered, with places, tree and signatures made new',
    async act(database) {
      await asSuperuser(database.db, swap(103, 104))
      await forgeLog(database.db, signer, (entry, index) =>
        inPlace(
          index === 103 || index === 104 ? { ...entry, header: { ...entry.header, at: sameTime } } : entry,
          index,
        ),
      )
    },
    found: {
      audit: expect.stringContaining('column_differs: the server had run'),
      holder: expect.stringContaining('column_differs: the server had run'),
      witness: TWO_ROOTS,
    },
  },
  {
    what: 'the tail cut off, with the row of the shard adapted',
    act: cut,
    found: {
      start: `${UNPUBLISHED}the published checkpoint of 320 entries is public, and the log holds only 300: its tail was cut off, or an older database was restored`,
    },
  },
  {
    what: 'the tail cut off, with all that was published about it',
    async act(database) {
      await cut(database)
      await asSuperuser(
        database.db,
        `delete from journal.cosignature where size > ${KEPT}`,
        `delete from journal.checkpoint where size > ${KEPT}`,
      )
    },
    found: { holder: truncated(KEPT), witness: SAW_MORE },
  },
  {
    what: 'a fork: an old copy went on with other entries, shorter',
    from: () => early,
    act: (database) => appendOthers(database, 310),
    found: { holder: truncated(310), witness: SAW_MORE },
  },
  {
    what: 'a fork: an old copy went on with other entries, just as long',
    from: () => early,
    act: (database) => appendOthers(database, SIZE),
    found: { holder: REWRITTEN, witness: TWO_ROOTS },
  },
  {
    what: 'a fork: an old copy went on with other entries, longer',
    from: () => early,
    act: (database) => appendOthers(database, 345),
    found: { holder: REWRITTEN, witness: otherPast(345) },
  },
  {
    what: 'an entry rewritten, with tree and signatures made new',
    act: ({ db }) => forgeLog(db, signer, (entry, index) => (index === 100 ? renamed(entry) : entry)),
    found: { holder: REWRITTEN, witness: TWO_ROOTS },
  },
  {
    what: 'a payload rewritten, with tree and signatures made new',
    act: ({ db }) =>
      forgeLog(db, signer, (entry, index) => (index === 102 ? { ...entry, payload: '{"pattern":"other"}' } : entry)),
    found: { holder: REWRITTEN, witness: TWO_ROOTS },
  },
  {
    what: 'an entry rewritten and signed anew, but not what was published',
    async act({ db }) {
      await db.query('create table kept as select * from journal.checkpoint')
      await forgeLog(db, signer, (entry, index) => (index === 100 ? renamed(entry) : entry))
      await asSuperuser(db, 'delete from journal.checkpoint', 'insert into journal.checkpoint select * from kept')
    },
    found: {
      start: `${UNPUBLISHED}the published checkpoint of 320 entries is no prefix of the log now: entries that were public were changed`,
    },
  },
  {
    what: 'the whole log replaced by a new one, signed with the same key',
    from: () => empty,
    act: (database) => appendOthers(database, 333),
    found: { holder: REWRITTEN, witness: otherPast(333) },
  },
  {
    what: "the server's key replaced",
    key: other,
    found: {
      start: "journal_key_mismatch: the last checkpoint of journal shard azora/main is not signed by this server's key",
    },
  },
  {
    what: 'the key replaced, and everything signed with it',
    key: other,
    act: ({ db }) => forgeLog(db, other, (entry) => entry),
    found: {
      ...audited('signature_invalid: the checkpoint is not signed by the trusted key or one that it leads to'),
      witness: "refused: it doesn't trust the key of this log",
    },
  },
  {
    what: 'the newest published checkpoint replaced, signed with another key',
    act: ({ db }) => replaceCheckpoint(db, SIZE, other),
    found: {
      start: `${UNPUBLISHED}the published checkpoint of 320 entries is not signed by a key of this journal: it was changed`,
    },
  },
  {
    what: 'the newest published checkpoint replaced, signed with the stolen key',
    act: ({ db }) => replaceCheckpoint(db, SIZE, signer),
    found: {
      start: `${UNPUBLISHED}the published checkpoint of 320 entries is no prefix of the log now: entries that were public were changed`,
    },
  },
  {
    what: 'all published checkpoints removed',
    sql: ['delete from journal.cosignature', 'delete from journal.checkpoint'],
    found: {
      start: `${UNPUBLISHED}the log holds 320 entries, and nothing is published: the published checkpoints were removed`,
    },
  },
  {
    what: 'the state of a run replaced',
    sql: ["update journal.run_state set state = 'running' where index = 103"],
    found: {
      audit: expect.stringContaining('but the server has it in running since entry 103'),
      holder: expect.stringContaining('but the server has it in running since entry 103'),
    },
  },
  {
    what: 'a kept node replaced',
    sql: ["update journal.node set hash = sha256('x')"],
    found: { start: `${CORRUPT}its last entry, 319, or a node of its tree was changed` },
  },
]

/** Another root for a size that was published. */
async function replaceCheckpoint(db: Db, size: number, key: Signer): Promise<void> {
  const root = leafHash('another root')
  const text = signCheckpoint({ origin: 'azora/main', size, root }, key)
  await asSuperuser(db, `delete from journal.cosignature where size = ${size}`)
  await db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query('update journal.checkpoint set root = $2, note = $3 where size = $1', [size, root, text])
  })
}

describe('an attack on the database', () => {
  it.each(ATTACKS)('$what', async ({ sql = [], act, from = () => whole, key = signer, found }) => {
    const database = await postgres.createDatabase(from())
    if (sql.length > 0) await asSuperuser(database.db, ...sql)
    await act?.(database)
    expect(await look(database, key)).toEqual({ ...found })
    await database.close()
  })

  it('an older published checkpoint replaced, with the stolen key: whoever is shown it sees that it is none of the log', async () => {
    const database = await postgres.createDatabase(whole)
    await replaceCheckpoint(database.db, KEPT, signer)
    expect(await look(database, signer)).toEqual({})
    const journal = await openJournal(database.db, { signer })
    const server = await serveLog(database.db, journal)
    const forged = join(folder.path, 'forged.checkpoint')
    const [shown] = await journal.publishedCheckpoints(KEPT - 1, 1)
    writeFileSync(forged, shown?.note ?? '')
    expect(await auditOf(server, '--checkpoint', forged)).toContain('log_rewritten: the log does not continue')
    await server.close()
    await journal.close()
    await database.close()
  })
})

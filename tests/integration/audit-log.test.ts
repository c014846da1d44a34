import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErasurePreview } from '@azora/contracts'
import type { Draft, Journal } from '@azora/journal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cli } from '../../apps/cli/testing/run-cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { erasureOf } from '../support/erasing.ts'
import { liveRun, move, newRunId, newSigner, note, openJournal, schedule } from '../support/journal.ts'
import { type LogServer, serveLog } from '../support/log-server.ts'
import { tempDir } from '../support/temp-dir.ts'

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let server: LogServer
const signer = newSigner('azora/main')
const folder = tempDir('audit')

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})
beforeEach(async () => {
  database = await postgres.createDatabase()
  await reopen()
})
afterEach(async () => {
  await server.close()
  await journal.close()
  await database.close()
})

async function reopen(): Promise<void> {
  journal = await openJournal(database.db, { signer })
  server = await serveLog(database.db, journal)
}

const KEY = signer.verifier.text

interface Report {
  verified: boolean
  trusted: boolean
  size: number
  from: number
  runs: number
  erased: number
  checkpoint: string
  flaw?: { code: string; index?: number; what: string }
}

async function audit(...args: string[]): Promise<Report & { exit: number; stderr: string }> {
  const { exit, stdout, stderr } = await cli(
    'audit',
    'verify',
    '--url',
    server.url,
    '--token',
    server.token,
    '--json',
    ...args,
  )
  const lines = stdout.trim().split('\n')
  if (!stdout.startsWith('{')) return { exit, stderr } as never
  return { ...(JSON.parse(lines.at(-1) ?? '') as Report), exit, stderr }
}

const trusted = (...args: string[]) => audit('--trusted-key', KEY, ...args)

/** Runs and notes, several hundred entries, all public. */
async function fill(runs = 120): Promise<void> {
  for (let at = 0; at < runs; at += 20) await Promise.all(Array.from({ length: 20 }, () => liveRun(journal)))
  await publish()
}

/** Whatever was appended is public after a stop. */
async function publish(): Promise<void> {
  await server.close()
  await journal.close()
  await reopen()
}

/** Changes the log as somebody with full rights over the database would. */
async function tamper(sql: string): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(sql)
  })
}

describe('the whole log', () => {
  it('verifies, and says how much there was', async () => {
    await fill()
    const report = await trusted()
    expect(report).toMatchObject({ exit: 0, verified: true, trusted: true, from: 0, size: 480, runs: 120, erased: 0 })
    expect(report.checkpoint).toBe(journal.publishedCheckpoint().note)
  })

  it('verifies when it is empty', async () => {
    expect(await trusted()).toMatchObject({ exit: 0, verified: true, size: 0 })
  })

  it('is not said to be anybody’s without a trusted key', async () => {
    await fill(20)
    expect(await audit()).toMatchObject({ exit: 0, verified: true, trusted: false })
    const { stdout } = await cli('audit', 'verify', '--url', server.url, '--token', server.token)
    expect(stdout).toContain('not checked whose it is')
  })

  it('is refused when another key is the trusted one', async () => {
    await fill(20)
    const report = await audit('--trusted-key', newSigner('azora/main').verifier.text)
    expect(report).toMatchObject({ exit: 7, verified: false, flaw: { code: 'signature_invalid' } })
  })

  it('is verified up to the checkpoint of the start while it grows', async () => {
    await fill()
    const growing = fill2()
    const report = await trusted()
    await growing
    expect(report).toMatchObject({ exit: 0, verified: true })
    expect(report.size).toBeLessThanOrEqual(journal.status().size)
  })
  const fill2 = async () => {
    for (let at = 0; at < 10; at += 1) await liveRun(journal)
  }

  it('holds payloads of many megabytes', async () => {
    await journal.append(note(newRunId(), 'x'.repeat(7 * 1024 * 1024)))
    await journal.append(note(newRunId(), 'ü€𝄞'.repeat(300_000)))
    await publish()
    expect(await trusted()).toMatchObject({ exit: 0, verified: true, size: 2 })
  })
})

describe('erased payloads', () => {
  const record = (entries: Array<[number, number]>): Draft<'erasure.requested'> => ({
    kind: 'erasure.requested',
    tenant: 'default',
    actor: 'user:owner',
    payload: {
      ...erasureOf({ id: 'user:owner', signer }, {
        shard: 'azora/main',
        selection: { by: 'entries', entries },
        entries,
        digest: 'a'.repeat(64),
      } as ErasurePreview),
      count: entries.length,
    },
  })

  it('are accounted for by the record of their erasure', async () => {
    await fill(20)
    const { header } = await journal.append(
      record([
        [2, 2],
        [6, 6],
      ]),
    )
    await journal.erase([2, 6], header.index)
    await publish()
    expect(await trusted()).toMatchObject({ exit: 0, size: 81, erased: 2 })
    await journal.erase([10], header.index)
    expect(await trusted()).toMatchObject({ exit: 7, flaw: { code: 'payload_missing', index: 10 } })
  })

  it('may be erased while the log is read: then the record is looked for behind the checkpoint of the start', async () => {
    await fill(20)
    await server.close()
    server = await serveLog(database.db, {
      ...journal,
      async *export(range) {
        let begun = false
        for await (const page of journal.export(range)) {
          if (!begun && journal.status().size === 80) {
            const { header } = await journal.append(record([[2, 2]]))
            await journal.erase([2], header.index)
          }
          begun = true
          yield page
        }
      },
    })
    expect(await trusted()).toMatchObject({ exit: 0, size: 81, erased: 1 })
  })
})

describe('what was done to the database is named', () => {
  const cases: Array<[string, string, { code: string; index?: number; what: RegExp }]> = [
    [
      'a header',
      `update journal.entry set header = replace(header, 'user:owner', 'user:other') where index = 333`,
      { code: 'header_altered', index: 333, what: /not the one of the leaf/ },
    ],
    [
      'a header with its leaf',
      `update journal.entry set header = replace(header, 'user:owner', 'user:other'),
         leaf = sha256('\\x00'::bytea || convert_to(replace(header, 'user:owner', 'user:other'), 'UTF8')) where index = 33`,
      { code: 'node_differs', what: /8\/0 .* entries 0 to 255/ },
    ],
    [
      'a header with its leaf behind the last kept node',
      `update journal.entry set header = replace(header, 'user:owner', 'user:other'),
         leaf = sha256('\\x00'::bytea || convert_to(replace(header, 'user:owner', 'user:other'), 'UTF8')) where index = 470`,
      { code: 'root_differs', what: /root of the checkpoint/ },
    ],
    [
      'the spelling of a header',
      `update journal.entry set header = replace(header, '"actor":', '"actor": ') where index = 5`,
      { code: 'header_malformed', index: 5, what: /canonical/ },
    ],
    [
      'a payload',
      `update journal.entry set payload = '{"pattern":"other"}' where index = 42`,
      { code: 'payload_altered', index: 42, what: /commits to/ },
    ],
    [
      'a salt',
      `update journal.entry set salt = '\\x00000000000000000000000000000000' where index = 43`,
      { code: 'payload_altered', index: 43, what: /commits to/ },
    ],
    [
      'a payload that is taken away',
      'update journal.entry set payload = null, salt = null where index = 44',
      { code: 'payload_missing', index: 44, what: /no entry says/ },
    ],
    [
      'a payload of a kind that is never erased',
      `update journal.entry set payload = null, salt = null
         where index = (select min(index) from journal.entry where kind = 'run.resumed')`,
      { code: 'payload_missing', what: /never erased/ },
    ],
    [
      'an entry that is taken out',
      'delete from journal.entry where index = 200',
      { code: 'entry_missing', index: 200, what: /entry 201 comes in its place/ },
    ],
    [
      'a tail that is cut off',
      'delete from journal.entry where index >= 470',
      { code: 'entry_missing', index: 470, what: /log ends before it/ },
    ],
    [
      'a kind',
      `update journal.entry set kind = 'run.started' where index = 17`,
      { code: 'column_differs', index: 17, what: /keeps it as run.started/ },
    ],
    [
      'a run',
      `update journal.entry set run = '00000000-0000-7000-8000-000000000000' where index = 17`,
      { code: 'column_differs', index: 17, what: /keeps it with run 00000000/ },
    ],
    [
      'a stored leaf',
      `update journal.entry set leaf = '\\x${'00'.repeat(32)}' where index = 18`,
      { code: 'header_altered', index: 18, what: /leaf/ },
    ],
    [
      'two entries that change places',
      `update journal.entry set index = case index when 60 then -1 else 60 end where index in (60, 61);
       update journal.entry set index = 61 where index = -1`,
      { code: 'header_altered', index: 60, what: /says that it is entry 61/ },
    ],
    [
      'a kept node',
      `update journal.node set hash = '\\x${'11'.repeat(32)}' where level = 8 and index = 0`,
      { code: 'node_differs', what: /8\/0/ },
    ],
    ['a kept node that is gone', 'delete from journal.node', { code: 'node_differs', what: /8\/0.* is missing/ }],
    [
      'the state of a run',
      `update journal.run_state set state = 'running' where run = (select run from journal.entry where index = 0)`,
      { code: 'column_differs', what: /in running since/ },
    ],
    [
      'a state of a run that is gone',
      'delete from journal.run_state where run = (select run from journal.entry where index = 0)',
      { code: 'column_differs', index: 0, what: /no state/ },
    ],
  ]

  it.each(cases)('%s', async (_, sql, flaw) => {
    await fill()
    for (const statement of sql.split(';\n')) await tamper(statement)
    const report = await trusted()
    expect(report).toMatchObject({ exit: 7, verified: false })
    expect(report.flaw).toMatchObject({ ...flaw, what: expect.stringMatching(flaw.what) })
  })
})

describe('a checkpoint that was kept', () => {
  const keep = (name: string, text: string): string => {
    const file = join(folder.path, name)
    writeFileSync(file, text)
    return file
  }

  it('is continued by the log', async () => {
    await fill(20)
    const file = keep('early', journal.publishedCheckpoint().note)
    await fill(20)
    expect(await trusted('--checkpoint', file)).toMatchObject({ exit: 0, size: 160 })
  })

  it('shows that the log is another one', async () => {
    await fill(20)
    const file = keep('fork', journal.publishedCheckpoint().note)
    await server.close()
    await journal.close()
    await database.close()
    database = await postgres.createDatabase()
    await reopen()
    await fill(40)
    const report = await trusted('--checkpoint', file)
    expect(report).toMatchObject({
      exit: 7,
      flaw: { code: 'log_rewritten', what: expect.stringMatching(/80 entries/) },
    })
  })

  it('shows that the log was cut', async () => {
    await fill(40)
    const file = keep('long', journal.publishedCheckpoint().note)
    await server.close()
    await journal.close()
    await database.close()
    database = await postgres.createDatabase()
    await reopen()
    await fill(20)
    const report = await trusted('--checkpoint', file)
    expect(report).toMatchObject({
      exit: 7,
      flaw: { code: 'log_truncated', what: expect.stringMatching(/160.*only 80/) },
    })
  })

  it('has to be signed by the log', async () => {
    await fill(20)
    const note = journal.publishedCheckpoint().note
    const file = keep('forged', note.replace(/\n80\n/, '\n40\n'))
    expect((await trusted('--checkpoint', file)).flaw?.code).toBe('log_rewritten')
    const garbled = keep('garbled', 'no note')
    expect(await trusted('--checkpoint', garbled)).toMatchObject({ exit: 7, flaw: { code: 'signature_invalid' } })
    expect(await trusted('--checkpoint', join(folder.path, 'nowhere'))).toMatchObject({ exit: 2 })
  })
})

describe('a state that is kept', () => {
  const stateAt = (name: string): string => join(folder.path, name)

  it('makes the next audit cost only what is new, over runs that are open meanwhile too', async () => {
    const open = newRunId()
    await journal.append(schedule(open))
    await journal.append(move(open, 'scheduled', 'running'))
    await fill(20)
    const state = stateAt('nightly')
    expect(await trusted('--state', state)).toMatchObject({ exit: 0, from: 0, size: 82, runs: 21 })
    expect(readFileSync(join(state, 'checkpoint'), 'utf8')).toBe(journal.publishedCheckpoint().note)
    await journal.append(move(open, 'running', 'fail'))
    await fill(20)
    expect(await trusted('--state', state)).toMatchObject({ exit: 0, from: 82, size: 163, runs: 20 })
    expect(await trusted('--state', state)).toMatchObject({ exit: 0, from: 163, size: 163, runs: 0 })
    expect(readdirSync(state)).not.toContain('lock')
  })

  it('shows a run that moves on after it ended, although its end was verified before', async () => {
    const run = await liveRun(journal)
    await fill(20)
    const state = stateAt('ended')
    expect(await trusted('--state', state)).toMatchObject({ exit: 0 })
    // The database is made to forget the run, so that the journal itself lets it begin again.
    await tamper(`delete from journal.run_state where run = '${run}'`)
    await publish()
    await journal.append(schedule(run))
    await publish()
    const report = await trusted('--state', state)
    expect(report).toMatchObject({ exit: 7, flaw: { code: 'run_broken', what: expect.stringContaining(run) } })
  })

  it('stays as it is when the log does not verify', async () => {
    await fill(20)
    const state = stateAt('kept')
    await trusted('--state', state)
    const before = readFileSync(join(state, 'position.json'), 'utf8')
    await fill(20)
    await tamper(`update journal.entry set kind = 'run.started' where index = 150`)
    expect(await trusted('--state', state)).toMatchObject({ exit: 7 })
    expect(readFileSync(join(state, 'position.json'), 'utf8')).toBe(before)
    await tamper(`update journal.entry set kind = header::json->>'kind' where index = 150`)
    expect(await trusted('--state', state)).toMatchObject({ exit: 0, from: 80, size: 160 })
  })

  it('shows a log that became shorter', async () => {
    await fill(20)
    const state = stateAt('shorter')
    await trusted('--state', state)
    await server.close()
    await journal.close()
    await database.close()
    database = await postgres.createDatabase()
    await reopen()
    expect(await trusted('--state', state)).toMatchObject({ exit: 7, flaw: { code: 'log_truncated' } })
  })

  it('is refused when it is none, or in use', async () => {
    const state = stateAt('broken')
    mkdirSync(state)
    writeFileSync(join(state, 'position.json'), '{}')
    expect((await trusted('--state', state)).stderr).toContain('state_invalid')
    const used = stateAt('used')
    mkdirSync(used)
    writeFileSync(join(used, 'lock'), `${process.pid}\n`)
    const report = await trusted('--state', used)
    expect(report).toMatchObject({ exit: 6 })
    expect(report.stderr).toContain('state_in_use')
  })
})

describe('the export', () => {
  it('is for the owner, of a known shard and of a range that is there', async () => {
    await fill(20)
    const get = async (path: string, token = server.token) =>
      (await fetch(`${server.url}/api/v1/journal/${path}`, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await get('main/export', 'none')).toBe(401)
    expect(await get('other/export')).toBe(404)
    expect(await get('main/export?from=10&to=81')).toBe(400)
    expect(await get('main/export?from=10&to=9')).toBe(400)
    expect(await get('main/export?from=-1')).toBe(400)
    expect(await get('main/export?from=10&to=80')).toBe(200)
  })

  it('stops reading the database when the reader goes away', async () => {
    for (let at = 0; at < 24; at += 1) await journal.append(note(newRunId(), 'x'.repeat(1024 * 1024)))
    await publish()
    let pages = 0
    const watched = {
      ...journal,
      async *export(range: Parameters<Journal['export']>[0]) {
        for await (const page of journal.export(range)) {
          pages += 1
          yield page
        }
      },
    }
    await server.close()
    server = await serveLog(database.db, watched)
    const gone = new AbortController()
    const answer = await fetch(`${server.url}/api/v1/journal/main/export`, {
      headers: { authorization: `Bearer ${server.token}` },
      signal: gone.signal,
    })
    await answer.body?.getReader().read()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(pages).toBeLessThan(8)
    gone.abort()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(pages).toBeLessThan(8)
    expect(await trusted()).toMatchObject({ exit: 0, size: 24 })
  })
})

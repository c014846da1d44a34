import { type Clock, systemClock } from '@azora/base'
import type { Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createReceiptVerifier, openCheckpoint, parseVerifier, type Verifier } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsInProofs } from '../support/evidence.ts'
import { liveRun, move, newRunId, newSigner, note, openJournal, schedule } from '../support/journal.ts'

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

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
const verifierOf = (log: Journal): Verifier => parseVerifier(log.status().key) as Verifier

async function indexesIn(entries: AsyncIterable<{ index: number }>): Promise<number[]> {
  const indexes: number[] = []
  for await (const { index } of entries) indexes.push(index)
  return indexes
}

const readAll = (log: Journal): Promise<Entry[]> => log.read(0, 10_000)
const indexesOf = (entries: Entry[]): number[] => entries.map(({ header }) => header.index)

describe('appending', () => {
  it('gives 200 concurrent drafts dense places, in the order in which they were asked for', async () => {
    const run = newRunId()
    const heard: number[] = []
    journal.subscribe((entries) => heard.push(...indexesOf(entries)))
    const committed = await Promise.all(range(200).map((at) => journal.append(note(run, `${at}`))))
    expect(committed.map(({ header }) => header.index)).toEqual(range(200))
    expect(heard).toEqual(range(200))
    const entries = await journal.readRun(run)
    expect(entries.map(({ payload }) => payload)).toEqual(range(200).map((at) => ({ pattern: `${at}` })))
    expect(journal.status()).toMatchObject({ shard: 'azora/test', size: 200, epoch: 1 })
  })

  it('tells subscribers before it answers, and stops telling those that left', async () => {
    const run = newRunId()
    const heard: number[] = []
    const leave = journal.subscribe((entries) => heard.push(...indexesOf(entries)))
    await journal.append(note(run, 'one'))
    expect(heard).toEqual([0])
    leave()
    await journal.append(note(run, 'two'))
    expect(heard).toEqual([0])
  })

  it('goes on when a subscriber throws', async () => {
    journal.subscribe(() => {
      throw new TypeError('a bad listener')
    })
    await expect(journal.append(note(newRunId(), 'x'))).resolves.toMatchObject({ duplicate: false })
  })

  it('never lets time run backwards', async () => {
    const run = newRunId()
    for (const at of range(20)) await journal.append(note(run, `${at}`))
    const times = (await journal.readRun(run)).map(({ header }) => header.at)
    expect(times.toSorted()).toEqual(times)
  })

  it('refuses a payload that is too large or no JSON, and keeps the log as it was', async () => {
    const run = newRunId()
    const large = journal.append(note(run, 'x'.repeat(8 * 1024 * 1024)))
    await expect(large).rejects.toMatchObject({ code: 'payload_too_large', advice: 'fix' })
    await expect(journal.append(note(run, '\ud800'))).rejects.toMatchObject({ code: 'payload_not_json', advice: 'fix' })
    expect(journal.status().size).toBe(0)
  })

  it('keeps every character that JSON has', async () => {
    const run = newRunId()
    const text = 'nul \u0000, line \u2028, quote ", emoji \u{1f600}'
    await journal.append(note(run, text))
    expect((await journal.readRun(run))[0]?.payload).toEqual({ pattern: text })
  })
})

describe('the lifecycle', () => {
  it('lets exactly one of many racing transitions through', async () => {
    const run = newRunId()
    await journal.append(schedule(run))
    const targets = ['running', 'paused', 'cancelled', 'fail', 'running', 'paused'] as const
    const results = await Promise.allSettled(targets.map((to) => journal.append(move(run, 'scheduled', to))))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', ...Array(5).fill('rejected')])
    for (const result of results.slice(1))
      expect(result).toMatchObject({ reason: { code: 'illegal_transition', advice: 'conflict' } })
    expect(indexesOf(await journal.readRun(run))).toEqual([0, 1])
  })

  it.each([
    ['a state that may not follow', ['scheduled', 'success']],
    ['a state that the run is not in', ['running', 'fail']],
  ] as const)('refuses %s', async (_, [from, to]) => {
    const run = newRunId()
    await journal.append(schedule(run))
    await expect(journal.append(move(run, from, to))).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  it('appends what was decided on a draft directly behind it, or not at all', async () => {
    const run = newRunId()
    await journal.append(schedule(run))
    const [first, second] = [Symbol(), Symbol()]
    const behind = (mark: symbol, at: number, text: string) => ({ ...note(run, text), behind: { mark, at } })
    const results = await Promise.allSettled([
      journal.append({ ...note(run, 'a'), mark: first }),
      journal.append({ ...behind(first, 1, 'b'), mark: second }),
      journal.append(behind(first, 1, 'not behind its draft any more')),
      journal.append(behind(second, 1, 'not in its place')),
      journal.append(note(run, 'between')),
      journal.append(behind(second, 2, 'overtaken')),
    ])
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, false, true, false])
    expect((await journal.readRun(run)).slice(1).map(({ payload }) => payload)).toEqual(
      ['a', 'b', 'between'].map((pattern) => ({ pattern })),
    )
  })

  it('appends what names its place in its run there, or not at all, also after a restart', async () => {
    const run = newRunId()
    await journal.append(schedule(run))
    const at = (place: number, text: string) => journal.append({ ...note(run, text), place })
    const results = await Promise.allSettled([at(1, 'a'), at(1, 'too late'), at(3, 'too early'), at(2, 'b')])
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, false, true])
    await journal.close()
    journal = await openJournal(database.db, { signer })
    await expect(at(2, 'too late')).rejects.toMatchObject({ code: 'illegal_transition' })
    await expect(at(3, 'c')).resolves.toMatchObject({ header: { runIndex: 3 } })
  })

  it('refuses to schedule twice, to move an unknown run and to move an ended one, also after a restart', async () => {
    const run = await liveRun(journal)
    await journal.close()
    journal = await openJournal(database.db, { signer })
    for (const draft of [schedule(run), move(newRunId(), 'scheduled', 'running'), move(run, 'fail', 'running')])
      await expect(journal.append(draft)).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  it('takes a chain of transitions in one batch', async () => {
    const run = newRunId()
    await Promise.all([
      journal.append(schedule(run)),
      journal.append(move(run, 'scheduled', 'running')),
      journal.append(move(run, 'running', 'paused')),
    ])
    expect(await journal.readRun(run)).toHaveLength(3)
  })
})

const placesOf = async (run: string): Promise<Array<number | undefined>> =>
  (await journal.readRun(run)).map(({ header }) => header.runIndex)

describe('the places of a run', () => {
  it('are dense, however runs mix, batches form and servers restart', async () => {
    const runs = range(7).map(() => newRunId())
    for (const part of range(6)) {
      if (part % 2 === 1) {
        await journal.close()
        journal = await openJournal(database.connect(), { signer })
      }
      await Promise.all(
        range(40).map((at) => journal.append(note(runs[(at * part + at) % runs.length] as string, `${part}:${at}`))),
      )
    }
    const places = await Promise.all(runs.map(placesOf))
    for (const found of places) expect(found).toEqual(range(found.length))
    expect(places.flat()).toHaveLength(240)
  })

  it('are not used up by what is refused or doubled', async () => {
    const run = newRunId()
    await journal.append(schedule(run, { key: 'k' }))
    const results = await Promise.allSettled([
      journal.append(move(run, 'running', 'fail')),
      journal.append(note(run, 'one')),
      journal.append(schedule(run, { key: 'k' })),
      journal.append(move(run, 'scheduled', 'running')),
    ])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(await placesOf(run)).toEqual([0, 1, 2])
  })

  it('are not made up for a run that began without them, nor for entries of no run', async () => {
    const [old, young] = [newRunId(), newRunId()]
    await journal.append(schedule(old))
    await journal.append(schedule(young))
    await journal.close()
    await database.db.query('alter table journal.entry disable trigger all')
    await database.db.query(`update journal.entry set header = replace(header, '"runIndex":0,', '') where run = $1`, [
      old,
    ])
    journal = await openJournal(database.db, { signer })
    for (const run of [old, young]) await journal.append(note(run, 'later'))
    expect([await placesOf(old), await placesOf(young)]).toEqual([
      [undefined, undefined],
      [0, 1],
    ])
    const { header } = await journal.append({
      kind: 'principal.removed',
      tenant: 'default',
      actor: 'user:owner',
      payload: { principal: 'user:x' },
    })
    expect(header.runIndex).toBeUndefined()
  })
})

describe('a key', () => {
  it('is appended once: in one batch, later, and after a restart', async () => {
    const drafts = range(20).map(() => schedule(newRunId(), { key: 'request:1' }))
    const committed = await Promise.all(drafts.map((draft) => journal.append(draft)))
    const [first, ...others] = committed
    expect(first).toMatchObject({ duplicate: false })
    for (const other of others) {
      expect(other).toMatchObject({ duplicate: true, header: first?.header })
      expect(other.receipt()).toBeUndefined()
    }
    await journal.close()
    journal = await openJournal(database.db, { signer })
    const again = await journal.append(schedule(newRunId(), { key: 'request:1' }))
    expect(again).toMatchObject({ duplicate: true, header: first?.header })
    expect(journal.status().size).toBe(1)
  })

  it('does not hold back what was refused', async () => {
    const run = newRunId()
    const refused = journal.append({ ...move(run, 'running', 'fail'), key: 'k' })
    await expect(refused).rejects.toMatchObject({ code: 'illegal_transition' })
    expect(await journal.append(schedule(run, { key: 'k' }))).toMatchObject({ duplicate: false })
  })
})

describe('proofs', () => {
  it('a receipt proves its entry, whatever the size of its batch and of the log', async () => {
    const check = createReceiptVerifier(verifierOf(journal))
    const run = newRunId()
    for (const batch of [1, 2, 3, 250, 1, 7, 64]) {
      const committed = await Promise.all(range(batch).map((at) => journal.append(note(run, `${at}`))))
      for (const { receipt, header } of committed) {
        const proof = receipt()
        expect(proof && check(proof)).toBeUndefined()
        expect(proof?.entry.header).toEqual(header)
      }
    }
  })

  it('prove the entries of runs all over a log of more than 1,000 entries', async () => {
    const runs: string[] = []
    for (const part of range(5)) {
      runs.push(await liveRun(journal))
      await Promise.all(range(200 + part).map((at) => journal.append(note(newRunId(), `${at}`))))
    }
    runs.push(await liveRun(journal))
    for (const run of runs) {
      expect(await flawsInProofs(journal, run)).toEqual([])
    }
    expect(journal.status().size).toBeGreaterThan(1_000)
  })

  it('hold for a log of any size around the sizes at which nodes are kept', async () => {
    const run = await liveRun(journal)
    await Promise.all(range(248).map((at) => journal.append(note(newRunId(), `${at}`))))
    for (const size of range(12)) {
      await journal.append(note(newRunId(), `${size}`))
      expect(await flawsInProofs(journal, run)).toEqual([])
    }
    expect(journal.status().size).toBe(264)
  })

  it('there are none of entries that are not there, and of more than may be read', async () => {
    const run = await liveRun(journal)
    await expect(journal.prove([1, 99], 1_000_000)).rejects.toMatchObject({
      code: 'entry_not_found',
      advice: 'missing',
    })
    await expect(journal.prove([0, 1, 2], 10)).rejects.toMatchObject({ code: 'proof_too_large', advice: 'fix' })
    expect(await flawsInProofs(journal, run)).toEqual([])
  })

  it('lead to a public checkpoint, the one that most parties signed', async () => {
    const run = await liveRun(journal)
    const { checkpoint } = await journal.prove([0], 1_000_000)
    const size = openCheckpoint(checkpoint, verifierOf(journal))?.size ?? 0
    expect((await journal.publishedCheckpoints(0, 10)).map((found) => found.size)).toContain(size)
    await journal.cosign({ size, witness: 'north', line: '— north AAAAAAE=' })
    await journal.append(note(run, 'later'))
    await journal.prove([4], 1_000_000)
    expect((await journal.prove([0, 1], 1_000_000)).checkpoint).toContain('— north AAAAAAE=\n')
  })

  it('an erased payload leaves every proof valid', async () => {
    const run = await liveRun(journal)
    await journal.erase([2], 3)
    const { entries } = await journal.prove([0, 1, 2, 3], 1_000_000)
    expect(entries[2]?.entry).toEqual({ header: expect.objectContaining({ index: 2 }), erasedBy: 3 })
    expect(await flawsInProofs(journal, run)).toEqual([])
    expect((await journal.records(run)).map(({ payload }) => payload === undefined)).toEqual([
      false,
      false,
      true,
      false,
    ])
  })
})

describe('an erasure', () => {
  it('needs an entry behind it that is on record, and takes no more than it should at once', async () => {
    await liveRun(journal)
    const unrecorded = { code: 'erasure_unrecorded' }
    await expect(journal.erase([2], 4)).rejects.toMatchObject(unrecorded)
    await expect(journal.erase([2], 2)).rejects.toMatchObject(unrecorded)
    await expect(journal.erase([0, 3], 2)).rejects.toMatchObject(unrecorded)
    await expect(journal.erase(Array(1_001).fill(0), 3)).rejects.toMatchObject(unrecorded)
    expect((await journal.scan('all', -1, {})).every(({ payload }) => payload !== null)).toBe(true)
  })

  it('keeps the first reason, and is left out of a page of what is not erased', async () => {
    const run = await liveRun(journal)
    await journal.erase([1], 2)
    await journal.erase([1, 0], 3)
    expect((await journal.records(run)).map(({ erasedBy }) => erasedBy)).toEqual([3, 2, undefined, undefined])
    expect(await journal.scan(['run.resumed'], -1, { unerased: true })).toMatchObject([{ index: 3 }])
    expect((await journal.scan('all', -1)).map(({ payload }) => payload === null)).toEqual([true, true, false, false])
  })

  it('is nothing that a server may do that was taken over', async () => {
    const run = await liveRun(journal)
    const successor = await openJournal(database.connect(), { signer })
    await journal.erase([1], 2)
    expect((await successor.records(run))[1]?.payload).toEqual({})
    await successor.close()
  })
})

describe('entries', () => {
  it.each([
    'delete from journal.entry where index = 0',
    'truncate journal.entry',
    "update journal.entry set header = replace(header, 'owner', 'other') where index = 0",
    "update journal.entry set payload = '{}' where index = 0",
    'update journal.entry set payload = null where index = 0',
    'update journal.entry set run = null, payload = null, salt = null where index = 0',
    'update journal.entry set key = null, leaf = leaf where index = 0',
  ])('cannot be changed: %s', async (sql) => {
    await journal.append(schedule(newRunId(), { key: 'k' }))
    await expect(database.db.query(sql)).rejects.toThrow('append-only')
  })

  it('of another tenant are not there for what is read within a tenant', async () => {
    const [mine, theirs] = [newRunId(), newRunId()]
    for (const [run, tenant] of [
      [mine, 'acme'],
      [theirs, 'beta'],
    ] as const) {
      await journal.append(schedule(run, { tenant }))
      await journal.append(note(run, tenant, { tenant }))
    }
    const acme = journal.within('acme')
    expect(await acme.readRun(mine)).toEqual(await journal.readRun(mine))
    expect(await acme.readRun(mine, 0, 1)).toMatchObject([{ header: { index: 1 } }])
    expect(await acme.records(mine)).toEqual(await journal.records(mine))
    expect(await acme.entry(1)).toMatchObject({ header: { index: 1, run: mine } })
    expect(await acme.entry(4)).toBeUndefined()
    expect([await acme.readRun(theirs), await acme.records(theirs), await acme.entry(2)]).toEqual([[], [], undefined])
    expect(await indexesIn(acme.scan('all'))).toEqual([0, 1])
    expect(await indexesIn(journal.within('beta').scan(['run.scheduled']))).toEqual([2])
  })

  it('of a tenant are gone through over pages that hold none of them', async () => {
    const runs = range(1_200).map(() => newRunId())
    const tenantOf = (at: number): string => (at === 3 || at === 1_199 ? 'acme' : 'beta')
    await Promise.all(runs.map((run, at) => journal.append(schedule(run, { tenant: tenantOf(at) }))))
    for (const kinds of ['all', ['run.scheduled']] as const)
      expect(await indexesIn(journal.within('acme').scan(kinds))).toEqual([3, 1_199])
    expect(await indexesIn(journal.within('nobody').scan('all'))).toEqual([])
  })

  it('of a run are found by the run also within a tenant, not among all there are', async () => {
    const plan = await database.db.within('acme').transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off')
      return (await tx.query(`explain select * from journal.entry where run = '${newRunId()}' and index > 3`)).rows
    })
    expect(JSON.stringify(plan)).toMatch(/Index Cond: \(\(run = [^)]+\) AND \(index > 3\)\)/)
  })

  it('of some kinds are gone through in order, in pages that are bounded in number and in size', async () => {
    const run = await liveRun(journal)
    expect((await journal.scan(['run.failed', 'agent.recognized', 'run.resumed'], -1)).map(({ kind }) => kind)).toEqual(
      ['run.resumed', 'agent.recognized', 'run.resumed'],
    )
    const [first] = await journal.scan(['agent.recognized'], -1)
    expect(JSON.parse(first?.payload ?? '')).toEqual({ pattern: `about ${run}` })
    expect(JSON.parse(first?.header ?? '')).toMatchObject({ index: first?.index, run })
    expect(await journal.scan(['agent.recognized'], first?.index ?? 0)).toEqual([])
    await Promise.all(range(5).map(() => journal.append(note(newRunId(), 'x'.repeat(3_500_000)))))
    const large = await journal.scan(['agent.recognized'], first?.index ?? 0)
    expect(large).toHaveLength(3)
    expect(await journal.scan(['agent.recognized'], large.at(-1)?.index ?? 0)).toHaveLength(2)
  })

  it('of a kind end with the last, whether it was erased or not', async () => {
    expect(await journal.last('agent.recognized')).toBeUndefined()
    const run = await liveRun(journal)
    await journal.append(note(run, 'again'))
    expect(await journal.last('agent.recognized')).toMatchObject({ payload: { pattern: 'again' }, header: { run } })
    await database.db.query('update journal.entry set payload = null, salt = null, erased_by = index + 1')
    expect((await journal.last('agent.recognized'))?.payload).toBeNull()
  })
})

describe('a restart', () => {
  it('goes on from the same root', async () => {
    const run = await liveRun(journal)
    await Promise.all(range(300).map((at) => journal.append(note(newRunId(), `${at}`))))
    const before = await flawsInProofs(journal, run)
    const { root } = journal.publishedCheckpoint()
    await journal.close()
    journal = await openJournal(database.db, { signer })
    expect(journal.status()).toMatchObject({ size: 304, epoch: 2 })
    expect(before).toEqual([])
    expect(journal.publishedCheckpoint().root).toBe(root)
    const { header, receipt } = await journal.append(note(run, 'later'))
    expect(header.index).toBe(304)
    const proof = receipt()
    expect(proof && createReceiptVerifier(verifierOf(journal))(proof)).toBeUndefined()
    expect(indexesOf(await readAll(journal))).toEqual(range(305))
  })

  it('works at any size of the log', async () => {
    for (const size of [1, 2, 3, 7, 255, 256, 257, 511, 512, 513, 768]) {
      await Promise.all(range(size - journal.status().size).map((at) => journal.append(note(newRunId(), `${at}`))))
      await journal.close()
      journal = await openJournal(database.db, { signer })
      expect(journal.status().size).toBe(size)
    }
  })

  it('after close, nothing is appended any more', async () => {
    const last = journal.append(note(newRunId(), 'last'))
    await journal.close()
    await expect(last).resolves.toMatchObject({ duplicate: false })
    await expect(journal.append(note(newRunId(), 'later'))).rejects.toMatchObject({ code: 'journal_closed' })
  })

  it('of a second server fences the first one off', async () => {
    let fenced = 0
    const first = await openJournal(database.db, { signer, onFenced: () => (fenced += 1) })
    await first.append(note(newRunId(), 'mine'))
    const second = await openJournal(database.connect(), { signer })
    await second.append(note(newRunId(), 'ours'))
    const late = await Promise.allSettled(range(5).map(() => first.append(note(newRunId(), 'late'))))
    for (const result of late) expect(result).toMatchObject({ reason: { code: 'journal_fenced', advice: 'conflict' } })
    await expect(first.append(note(newRunId(), 'later'))).rejects.toMatchObject({ code: 'journal_fenced' })
    expect(fenced).toBe(1)
    await second.append(note(newRunId(), 'ours'))
    expect(indexesOf(await readAll(second))).toEqual([0, 1, 2])
  })

  it('is noticed by a first one that appends nothing', async () => {
    const soon: Clock = { ...systemClock, after: (_, onTime) => systemClock.after(20, onTime) }
    let onFenced = (): void => {}
    const fenced = new Promise<void>((resolve) => {
      onFenced = resolve
    })
    const first = await openJournal(database.db, { signer, clock: soon, onFenced })
    const second = await openJournal(database.connect(), { signer })
    await fenced
    await expect(first.append(note(newRunId(), 'late'))).rejects.toMatchObject({ code: 'journal_fenced' })
    await second.append(note(newRunId(), 'ours'))
    await second.close()
  })

  const otherKey = newSigner()
  it.each([
    [
      'the frontier',
      'update journal.shard set frontier = set_byte(frontier, 5, (get_byte(frontier, 5) + 1) % 256)',
      'journal_corrupt',
    ],
    ['the size', 'update journal.shard set size = size - 1', 'journal_corrupt'],
    [
      'the signed size',
      "update journal.shard set checkpoint = replace(checkpoint, E'\\n7\\n', E'\\n6\\n')",
      'journal_key_mismatch',
    ],
    [
      'the signature',
      "update journal.shard set checkpoint = left(checkpoint, -3) || case right(checkpoint, 3) when E'A=\\n' then E'E=\\n' else E'A=\\n' end",
      'journal_key_mismatch',
    ],
    [
      'the last entry',
      "alter table journal.entry disable trigger all; update journal.entry set header = replace(header, 'user:owner', 'user:other') where index = 6",
      'journal_corrupt',
    ],
    [
      'the tail',
      'alter table journal.entry disable trigger all; delete from journal.entry where index = 6',
      'journal_corrupt',
    ],
  ])('notices that somebody changed %s', async (_, sql, code) => {
    for (const at of range(7)) await journal.append(note(newRunId(), `${at}`))
    await journal.close()
    await database.db.query(sql)
    await expect(openJournal(database.db, { signer })).rejects.toMatchObject({ code, advice: 'conflict' })
  })

  it('needs the key that signed the log', async () => {
    await journal.append(note(newRunId(), 'x'))
    await expect(openJournal(database.db, { signer: otherKey })).rejects.toMatchObject({ code: 'journal_key_mismatch' })
  })
})

describe('a database that goes away', () => {
  const WRITERS = 8
  const PER_WRITER = 12
  const BREAKS = 4

  it('loses nothing that was acknowledged and doubles nothing', async () => {
    const run = newRunId()
    const acknowledged: string[] = []
    const heard: number[] = []
    journal.subscribe((entries) => heard.push(...indexesOf(entries)))
    let breaks = 0
    let isWritten = false
    // However quick the machine is, they go on until they were broken off a few times.
    const writers = range(WRITERS).map(async (writer) => {
      for (let at = 0; at < PER_WRITER || breaks < BREAKS; at += 1) {
        const text = `${writer}:${at}`
        await journal.append(note(run, text, at % 3 === 0 ? { key: text } : {}))
        acknowledged.push(text)
      }
    })
    const all = Promise.all(writers).finally(() => {
      isWritten = true
    })
    // Each commit is followed by a break, while the next batch is on its way.
    for (let seen = -1; !isWritten; await new Promise(setImmediate)) {
      if (heard.length === seen) continue
      seen = heard.length
      breaks += await database.breakConnections()
    }
    await all

    await journal.close()
    journal = await openJournal(database.connect(), { signer })
    const entries = await journal.readRun(run)
    const texts = entries.map(({ payload }) => (payload as { pattern: string }).pattern)
    const written = acknowledged.length
    expect(texts.toSorted()).toEqual(acknowledged.toSorted())
    expect(new Set(texts).size).toBe(written)
    expect(indexesOf(entries)).toEqual(range(written))
    expect(heard).toEqual(range(written))
    expect(journal.status().size).toBe(written)
  })

  it('lets the next attempt of a transaction work', async () => {
    const broken = database.db.transaction(async (tx) => {
      await tx.query('select 1')
      await database.breakConnections()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return tx.query('select 2')
    })
    await expect(broken).rejects.toMatchObject({ code: 'database_unreachable', advice: 'retry' })
    const { rows } = await database.db.transaction((tx) => tx.query<{ two: number }>('select 2 as two'))
    expect(rows).toEqual([{ two: 2 }])
  })

  it('is not blamed for a mistake in the transaction', async () => {
    const mistaken = database.db.transaction(async () => {
      throw new TypeError('x is undefined')
    })
    await expect(mistaken).rejects.toThrow(TypeError)
    await expect(database.db.query('select nonsense')).rejects.toThrow('nonsense')
  })
})

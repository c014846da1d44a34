import { clockOf, silentLog } from '@azora/base'
import type { DataClass, RetentionRequest, RetentionStatement } from '@azora/contracts'
import { createRetention, type Erasures, type Retention } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import { signStatement } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { startErasures } from '../support/erasing.ts'
import { liveRun, move, newRunId, newSigner, note, openJournal, schedule } from '../support/journal.ts'
import { type Person, person } from '../support/people.ts'

const DAY_MS = 86_400_000
const OWNER = person('user:owner', ['owner'])
const signer = newSigner()

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let erasures: Erasures
let retention: Retention
let now: number
const clock = clockOf(() => now)

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00.000Z')
  database = await postgres.createDatabase()
  await start()
})
afterEach(async () => {
  await stop()
  await database.close()
})

async function start(): Promise<void> {
  journal = await openJournal(database.db, { signer, clock })
  erasures = startErasures(journal, [], clock)
  retention = await createRetention({ journal, worker: erasures.worker, clock, log: silentLog, everyMs: 3_600_000 })
}

async function stop(): Promise<void> {
  await retention.stop()
  await erasures.stop()
  await journal.close()
}

function ruleFor(name: DataClass, days: number | null, who: Person = OWNER): RetentionRequest {
  const statement: RetentionStatement = {
    type: 'azora.retention.v1',
    class: name,
    days,
    rule: 'policy 4',
    by: who.id,
    at: new Date(now).toISOString(),
  }
  return signStatement(statement, who.signer)
}

const erasedKinds = async (run: string): Promise<string[]> =>
  (await journal.records(run)).flatMap(({ header, payload }) => (payload ? [] : [header.kind]))

describe('a retention rule', () => {
  it('erases its class at its age, and nothing else', async () => {
    const old = await liveRun(journal)
    now += 20 * DAY_MS
    const young = await liveRun(journal)
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    const [preview] = await retention.run('default', { dryRun: true })
    expect(preview).toMatchObject({ count: 2, more: false, rule: 'policy 4', before: '2026-01-11T00:00:00.000Z' })
    expect(await erasedKinds(old)).toEqual([])
    const [done] = await retention.run('default', { dryRun: false })
    expect(done).toMatchObject({ count: 2 })
    expect(await erasedKinds(old)).toEqual(['run.scheduled', 'agent.recognized'])
    expect(await erasedKinds(young)).toEqual([])
    expect((await erasures.list('default', { limit: 5 })).items).toMatchObject([
      {
        state: 'completed',
        by: 'system:retention',
        rule: 'policy 4',
        reason: 'older than 10 days',
        selection: { by: 'retention', class: 'inputs-and-plans' },
        count: 2,
      },
    ])
    expect(await retention.run('default', { dryRun: false })).toMatchObject([{ count: 0, more: false }])
  })

  it('waits for a run that goes on, however old, and takes it when it has ended', async () => {
    const open = newRunId()
    await journal.append(schedule(open))
    await journal.append(move(open, 'scheduled', 'running'))
    const ended = await liveRun(journal)
    now += 20 * DAY_MS
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    await retention.run('default', { dryRun: false })
    expect([await erasedKinds(open), await erasedKinds(ended)]).toEqual([[], ['run.scheduled', 'agent.recognized']])
    await journal.append(move(open, 'running', 'fail'))
    await retention.run('default', { dryRun: false })
    expect(await erasedKinds(open)).toEqual(['run.scheduled'])
  })

  it('holds for its tenant', async () => {
    const other = newRunId()
    await journal.append(schedule(other, { tenant: 'other' }))
    await journal.append({ ...move(other, 'scheduled', 'cancelled'), tenant: 'other' })
    now += 20 * DAY_MS
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    expect(await retention.run('default', { dryRun: false })).toMatchObject([{ count: 0 }])
    expect(await retention.run('other', { dryRun: false })).toEqual([])
    expect(await erasedKinds(other)).toEqual([])
  })

  it('is applied by itself at the next start', async () => {
    const run = await liveRun(journal)
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    await stop()
    now += 20 * DAY_MS
    await start()
    await expect.poll(() => erasedKinds(run), { timeout: 20_000 }).toEqual(['run.scheduled', 'agent.recognized'])
  })

  it('is replaced by a newer one, ends when it is removed, and is on record', async () => {
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    await retention.set(OWNER, ruleFor('reviews', 30))
    expect(await retention.set(OWNER, ruleFor('inputs-and-plans', 5))).toMatchObject([
      { class: 'inputs-and-plans', days: 5, by: 'user:owner' },
      { class: 'reviews', days: 30 },
    ])
    await stop()
    await start()
    expect(retention.rules('default')).toHaveLength(2)
    expect(await retention.set(OWNER, ruleFor('inputs-and-plans', null))).toMatchObject([{ class: 'reviews' }])
    await liveRun(journal)
    now += 20 * DAY_MS
    expect(await retention.run('default', { dryRun: false })).toMatchObject([{ class: 'reviews', count: 0 }])
    expect((await journal.scan(['retention.set', 'retention.removed'], -1)).map(({ kind }) => kind)).toEqual([
      'retention.set',
      'retention.set',
      'retention.set',
      'retention.removed',
    ])
  })

  it('is only set by who signs it', async () => {
    const refused = { code: 'signature_invalid' }
    await expect(retention.set(OWNER, ruleFor('reviews', 10, person('user:owner')))).rejects.toMatchObject(refused)
    await expect(retention.set(OWNER, ruleFor('reviews', 10, person('user:eve')))).rejects.toMatchObject(refused)
    const request = ruleFor('reviews', 10)
    const longer = { ...request, statement: { ...request.statement, days: 1 } }
    await expect(retention.set(OWNER, longer)).rejects.toMatchObject(refused)
    expect(retention.rules('default')).toEqual([])
  })

  it('goes through a long log in erasures of a bounded size', async () => {
    const run = newRunId()
    await journal.append(schedule(run))
    await journal.append(move(run, 'scheduled', 'running'))
    await Promise.all(Array.from({ length: 6_000 }, (_, at) => journal.append(note(run, `${at}`))))
    await journal.append(move(run, 'running', 'fail'))
    now += 20 * DAY_MS
    await retention.set(OWNER, ruleFor('inputs-and-plans', 10))
    expect(await retention.run('default', { dryRun: true })).toMatchObject([{ count: 5_000, more: true }])
    // Where this takes long, the rule has begun to be applied by itself.
    expect(await retention.run('default', { dryRun: false })).toMatchObject([{ more: false }])
    expect((await erasures.list('default', { limit: 5 })).items.map(({ count }) => count)).toEqual([5_000, 1_001])
  })
})

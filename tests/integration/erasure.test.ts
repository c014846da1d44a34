import { randomUUID } from 'node:crypto'
import { AzoraError } from '@azora/base'
import { DATA_CLASSES, EntryKind, type ErasureSelection, type JsonObject } from '@azora/contracts'
import type { Derived, Erasures } from '@azora/erasure'
import type { Draft } from '@azora/journal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { erasureOf, startErasures } from '../support/erasing.ts'
import { flawsOf, putOnRecord, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { everythingIn } from '../support/planted.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const PERSON = person('user:owner', ['owner'])
const ALICE = person('user:alice')
const MARKER = `planted-${randomUUID()}`

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let erasures: Erasures
const signer = newSigner()

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  await start()
})
afterEach(async () => {
  await stop()
  await database.close()
})

async function start(): Promise<void> {
  server = await startServer({ db: database.connect(), world: createWorld(), signer })
  erasures = startErasures(server.journal, [{ name: 'runs', forget: server.orchestrator.forget }])
}

async function stop(): Promise<void> {
  await erasures.stop()
  await server.stop()
}

const read = (id: string, input: JsonObject) => ({ id, skill: 'test.read', input })

/** A run that has ended, with the marker in what it was asked, did and answered. */
async function plantedRun(): Promise<string> {
  const run = await server.run([[read('a', { text: MARKER })], [read('b', { text: MARKER, how: 'fail' })]], {
    input: { about: MARKER },
  })
  await server.reaches(run, 'success')
  return run
}

async function erase(selection: ErasureSelection, change: Parameters<typeof erasureOf>[2] = {}) {
  const preview = await erasures.preview('default', selection)
  return erasures.erase(PERSON, erasureOf(PERSON, preview, change))
}

const refusal = (code: string) => expect.objectContaining({ code })

describe('an erasure', () => {
  it('leaves nothing of a run but its headers, which still prove everything', async () => {
    await putOnRecord(server.journal, PERSON)
    const run = await plantedRun()
    const other = await server.run([[read('a', { text: 'stays' })]])
    await server.reaches(other, 'success')
    const before = (await server.journal.records(run)).map(({ header }) => header)
    expect(await everythingIn(database.db)).toContain(MARKER)

    const view = await erase({ by: 'run', runId: run })
    expect(view).toMatchObject({ state: 'completed', rule: 'GDPR Art. 17', by: 'user:owner', tenant: 'default' })

    await database.db.query('vacuum full')
    expect(await everythingIn(database.db)).not.toContain(MARKER)
    expect(await everythingIn(database.db)).toContain('stays')
    const after = await server.journal.records(run)
    expect(after.map(({ header }) => header)).toEqual(before)
    const report = await reportOn(server, run)
    expect(flawsOf(report)).toEqual([])
    expect(report.about?.erased).toHaveLength(view.count)
    for (const entry of after) {
      if (entry.payload) expect(entry.payload).toEqual({})
      else expect(entry.erasedBy).toBe(view.index)
    }
  })

  it('is shown with its rule wherever the run is', async () => {
    const run = await plantedRun()
    const { index, erasureId, count } = await erase({ by: 'run', runId: run })
    const shown = await server.orchestrator.show(OWNER, run)
    expect(shown).toMatchObject({
      id: run,
      state: 'success',
      owner: 'user:owner',
      agentId: 'scripted',
      input: {},
      erased: true,
    })
    expect(shown.erasures).toEqual([{ index, erasureId, rule: 'GDPR Art. 17', at: expect.any(String), entries: count }])
    const { items } = await server.orchestrator.list(OWNER, { limit: 10 })
    expect(items).toMatchObject([{ id: run, state: 'success', erased: true, input: {} }])
    await expect(server.orchestrator.retry(OWNER, run)).rejects.toEqual(refusal('run_erased'))
    const completed = await erasures.show('default', erasureId)
    expect((await erasures.list('default', { limit: 10 })).items).toEqual([completed])
  })

  it('is the same to a list that is built anew', async () => {
    const run = await plantedRun()
    await erase({ by: 'run', runId: run })
    await stop()
    await database.db.query('delete from orchestrator.run; delete from orchestrator.cursor')
    await start()
    const { items } = await server.orchestrator.list(OWNER, { limit: 10 })
    expect(items).toMatchObject([{ id: run, state: 'success', erased: true, owner: 'user:owner' }])
  })
})

describe('a selection', () => {
  it('takes the runs that a principal owns, took part in or is named in, and no other', async () => {
    const decided = await server.run([[{ id: 'a', skill: 'test.write', input: { verdict: 'review' } }]])
    await server.reaches(decided, 'awaiting_review')
    const [review] = (await server.orchestrator.reviews(OWNER)).items
    if (!review) throw new RangeError('no review waits')
    await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'approve'))
    await server.reaches(decided, 'success')
    const named = await server.run([[read('a', { who: 'user:alice' })]])
    const similar = await server.run([[read('a', { who: 'user:alice2', text: 'about user:alice' })]])
    for (const run of [named, similar]) await server.reaches(run, 'success')
    const { runs, more } = await erasures.preview('default', { by: 'subject', subject: 'user:alice' })
    expect(runs.map(({ runId }) => runId).sort()).toEqual([decided, named].sort())
    expect(more).toBe(false)
    await erase({ by: 'subject', subject: 'user:alice' })
    expect(await erasures.preview('default', { by: 'subject', subject: 'user:alice' })).toMatchObject({ count: 0 })
    expect((await server.orchestrator.show(OWNER, similar)).erasures).toBeUndefined()
  })

  it('passes over runs that go on, and refuses one that is named', async () => {
    const run = await server.run([[read('a', { how: 'hang', text: MARKER })]])
    await server.until(run, ({ actions }) => actions[0]?.state === 'allowed')
    const preview = await erasures.preview('default', { by: 'subject', subject: 'user:owner' })
    expect(preview).toMatchObject({ count: 0, openRuns: [{ runId: run, state: 'running' }] })
    await expect(erasures.preview('default', { by: 'run', runId: run })).rejects.toEqual(refusal('run_not_ended'))
    const [first] = await server.journal.readRun(run)
    const at = first?.header.index ?? -1
    const entries = { by: 'entries' as const, entries: [[at, at] as [number, number]] }
    await expect(erasures.preview('default', entries)).rejects.toEqual(refusal('run_not_ended'))
    await server.orchestrator.cancel(OWNER, run)
    await server.reaches(run, 'cancelled')
  })

  it('takes single entries, and shows what is left of the run', async () => {
    const run = await plantedRun()
    const finished = (await server.journal.readRun(run)).filter(({ header }) => header.kind === 'action.finished')
    const entries = finished.map(({ header: { index } }): [number, number] => [index, index])
    const view = await erase({ by: 'entries', entries })
    expect(view).toMatchObject({ count: 2, entries, state: 'completed' })
    const shown = await server.orchestrator.show(OWNER, run)
    expect(shown.erased).toBeUndefined()
    expect(shown.input.about).toBe(MARKER)
    expect(shown.actions.map(({ output, log }) => ({ output, log }))).toEqual([{}, {}])
  })

  it('shows what was judged after the plan behind it is gone', async () => {
    const run = await plantedRun()
    const plans = (await server.journal.readRun(run)).filter(({ header }) => header.kind === 'plan.proposed')
    await erase({ by: 'entries', entries: plans.map(({ header: { index } }): [number, number] => [index, index]) })
    const { actions } = await server.orchestrator.show(OWNER, run)
    expect(actions.map(({ stepId, state, input }) => ({ stepId, state, text: input.text }))).toEqual([
      { stepId: 'a', state: 'succeeded', text: MARKER },
      { stepId: 'b', state: 'failed', text: MARKER },
    ])
  })

  it('refuses what the system works by, and what is not there', async () => {
    const kept = await server.journal.append({
      kind: 'principal.removed',
      tenant: 'default',
      actor: 'user:owner',
      payload: { principal: 'user:bob' },
    })
    const foreign = await server.journal.append({
      kind: 'action.refused',
      tenant: 'other',
      actor: 'node:a',
      payload: { stepId: 'a', actionDigest: 'a'.repeat(64), node: 'a', error: { code: 'a', message: 'a' } },
    })
    const only = ({ header: { index } }: typeof kept) => ({
      by: 'entries' as const,
      entries: [[index, index] as [number, number]],
    })
    await expect(erasures.preview('default', only(kept))).rejects.toMatchObject({
      code: 'erasure_refused',
      message: expect.stringContaining('principal.removed'),
    })
    await expect(erasures.preview('default', only(foreign))).rejects.toEqual(refusal('entry_not_found'))
    expect((await erasures.preview('other', only(foreign))).count).toBe(1)
    const beyond = { by: 'entries' as const, entries: [[0, 1_000_000] as [number, number]] }
    await expect(erasures.preview('default', beyond)).rejects.toEqual(refusal('entry_not_found'))
    const nowhere = { by: 'run' as const, runId: randomUUID() }
    await expect(erasures.preview('default', nowhere)).rejects.toEqual(refusal('run_not_found'))
  })

  it('of any kind takes it, or says why it is kept', async () => {
    for (const kind of EntryKind.options) {
      const draft = { kind, tenant: 'default', actor: 'user:owner', payload: {} } as unknown as Draft
      const { index } = (await server.journal.append(draft)).header
      const preview = erasures.preview('default', { by: 'entries', entries: [[index, index]] })
      const erasability = DATA_CLASSES[kind]
      if ('class' in erasability) expect(await preview).toMatchObject({ count: 1, byKind: [{ kind, count: 1 }] })
      else
        await expect(preview).rejects.toMatchObject({
          code: 'erasure_refused',
          details: [{ pointer: `/entries/${index}`, message: `${kind}: ${erasability.kept}` }],
        })
    }
  })
})

describe('a request', () => {
  it('is only done as it was signed, by who signed it, and when it was signed', async () => {
    const run = await plantedRun()
    const preview = await erasures.preview('default', { by: 'run', runId: run })
    const ask = (who: typeof PERSON, change: Parameters<typeof erasureOf>[2], by = who) =>
      erasures.erase(who, erasureOf(by, preview, change))
    await expect(ask(PERSON, {}, ALICE)).rejects.toEqual(refusal('signature_invalid'))
    await expect(ask(PERSON, { by: 'user:owner' }, ALICE)).rejects.toEqual(refusal('signature_invalid'))
    await expect(ask(PERSON, { at: '2020-01-01T00:00:00.000Z' })).rejects.toEqual(refusal('signature_invalid'))
    await expect(ask(PERSON, { shard: 'azora/other' })).rejects.toEqual(refusal('erasure_changed'))
    await expect(ask(PERSON, { digest: 'a'.repeat(64) })).rejects.toEqual(refusal('erasure_changed'))
    await expect(ask(PERSON, { entries: preview.entries.slice(1) })).rejects.toEqual(refusal('erasure_changed'))
    const request = erasureOf(PERSON, preview)
    const forged = { ...request, statement: { ...request.statement, rule: 'because' } }
    await expect(erasures.erase(PERSON, forged)).rejects.toEqual(refusal('signature_invalid'))
    expect((await erasures.list('default', { limit: 10 })).items).toEqual([])
    expect(await everythingIn(database.db)).toContain(MARKER)
    await erasures.erase(PERSON, request)
    await expect(erasures.erase(PERSON, request)).rejects.toEqual(refusal('erasure_changed'))
  })

  it('answers a request whose Idempotency-Key belongs to an erased one with a conflict', async () => {
    const call = {
      skillId: 'test.read',
      input: { text: MARKER },
      scope: { read: [], write: [], hosts: [] },
      priority: 5,
    }
    const { runId } = await server.orchestrator.execute(OWNER, call, 'key-1')
    await server.reaches(runId, 'success')
    await erase({ by: 'run', runId })
    await expect(server.orchestrator.execute(OWNER, call, 'key-1')).rejects.toEqual(refusal('idempotency_key_reused'))
  })

  it('goes on until every copy is gone', async () => {
    await erasures.stop()
    let failures = 3
    const forget: Derived['forget'] = async (runs) => {
      failures -= 1
      if (failures > 0) throw new RangeError('not yet')
      await server.orchestrator.forget(runs)
    }
    erasures = startErasures(server.journal, [{ name: 'flaky', forget }])
    const run = await plantedRun()
    expect(await erase({ by: 'run', runId: run })).toMatchObject({ state: 'completed' })
    expect(failures).toBe(0)
  })
  it('that is on record although its caller heard otherwise is done before the next one', async () => {
    await erasures.stop()
    let lost = true
    const journal: typeof server.journal = {
      ...server.journal,
      async append(draft) {
        const committed = await server.journal.append(draft)
        if (draft.kind === 'erasure.requested' && lost) {
          lost = false
          throw new AzoraError('retry', 'journal_unavailable', 'nobody knows whether it is on record')
        }
        return committed
      },
    }
    erasures = startErasures(journal, [{ name: 'runs', forget: server.orchestrator.forget }])
    const [first, second] = [await plantedRun(), await plantedRun()]
    await expect(erase({ by: 'run', runId: first })).rejects.toEqual(refusal('journal_unavailable'))
    expect(await erase({ by: 'run', runId: second })).toMatchObject({ state: 'completed' })
    const { items } = await erasures.list('default', { limit: 10 })
    expect(items.map(({ state }) => state)).toEqual(['completed', 'completed'])
    await database.db.query('vacuum full')
    expect(await everythingIn(database.db)).not.toContain(MARKER)
  })
})

describe('the database', () => {
  it('refuses every other change of an entry, also of why it was erased', async () => {
    const run = await plantedRun()
    const { index, entries } = await erase({ by: 'run', runId: run })
    const [[first]] = entries as [[number, number]]
    const change = (what: string, at: number) =>
      database.db.query(`update journal.entry set ${what} where index = ${at}`)
    await expect(change("payload = '{}'", first)).rejects.toThrow('append-only')
    await expect(change(`erased_by = ${index + 1}`, first)).rejects.toThrow('append-only')
    await expect(change('erased_by = null', first)).rejects.toThrow('append-only')
    await expect(change('payload = null, salt = null', index)).rejects.toThrow('append-only')
    await expect(change(`payload = null, salt = null, erased_by = ${index}`, index)).rejects.toThrow('append-only')
    await expect(change(`erased_by = ${index + 5}`, index)).rejects.toThrow('append-only')
  })
})

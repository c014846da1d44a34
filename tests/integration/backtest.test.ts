import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock } from '@azora/base'
import { type Constitution, createConstitution } from '@azora/constitution'
import type { BacktestRequest, VerificationResult } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, openJournal, schedule } from '../support/journal.ts'
import { forbidSkill, lawWith, newOwner } from '../support/law.ts'
import { ALLOWED, actionOf, verified } from '../support/verified.ts'

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let folder: string
let constitution: Constitution

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
  folder = await mkdtemp(join(tmpdir(), 'azora-law-'))
  const ownerKeys = [newOwner().verifier.text]
  constitution = await createConstitution({
    db: database.db,
    journal,
    ownerKeys,
    seed: { folder },
    log: silentLog,
    clock: systemClock,
  })
})
afterEach(async () => {
  await journal.close()
  await database.close()
  await rm(folder, { recursive: true })
})

const COMMON = { tenant: 'default', actor: 'user:owner' }
const DENIED: VerificationResult = {
  ...ALLOWED,
  verdict: 'deny',
  score: 75,
  reasons: [{ article: '9', rule: 'old', severity: 'CRITICAL', message: 'the old law said no' }],
}

async function record(skillId: string, result = ALLOWED, change: { reviewId?: string; judged?: undefined } = {}) {
  const { payload } = verified(actionOf(skillId), result)
  const { judged: _, ...rest } = payload
  const kept = 'judged' in change ? rest : payload
  const { reviewId } = change
  await journal.append({
    ...COMMON,
    kind: 'action.verified',
    run: payload.action.runId,
    payload: { ...kept, ...(reviewId !== undefined && { reviewId }) },
  })
}

const backtest = (files: BacktestRequest['files'], change: Partial<BacktestRequest> = {}) =>
  constitution.backtest({ files, ...change })

describe('a backtest', () => {
  it('says what a draft would have decided otherwise, by article, agent and skill, and does nothing', async () => {
    await record('test.a')
    await record('test.a')
    await record('test.b')
    await record('test.c', DENIED)
    await record('test.d', ALLOWED, { reviewId: newRunId() })
    await record('test.e')
    await record('test.f', ALLOWED, { judged: undefined })
    const { size } = journal.status()
    const draft = lawWith(forbidSkill('test.a', 'HIGH'), forbidSkill('test.b', 'CRITICAL', 3))
    const result = await backtest(draft, { examples: 2 })
    expect(journal.status().size).toBe(size)
    expect(result).toMatchObject({ judged: 6, skipped: 1, unchanged: 1 })
    expect(result.changes).toEqual([
      { from: 'allow', to: 'review', count: 2 },
      { from: 'allow', to: 'deny', count: 1 },
      { from: 'deny', to: 'allow', count: 1 },
      { from: 'review', to: 'allow', count: 1 },
    ])
    expect(result.byArticle).toEqual(
      expect.arrayContaining([
        { article: '2', from: 'allow', to: 'review', count: 2 },
        { article: '3', from: 'allow', to: 'deny', count: 1 },
        { article: '9', from: 'deny', to: 'allow', count: 1 },
      ]),
    )
    expect(result.byAgent[0]).toEqual({ agent: 'user:owner', from: 'allow', to: 'review', count: 2 })
    expect(result.bySkill[0]).toEqual({ skill: 'test.a', from: 'allow', to: 'review', count: 2 })
    expect(result.examples).toHaveLength(2)
    expect(result.examples[0]).toMatchObject({
      skill: 'test.a',
      step: 'step',
      before: [],
      after: [{ rule: 'no_test_a', article: '2' }],
    })
  })

  it('judges final outputs for those who owned the run', async () => {
    const run = newRunId()
    await journal.append(schedule(run))
    const noOutput = `@id("no_output") @article("4") @title("No output") @severity("CRITICAL") @remedy("None.")
forbid (principal == User::"owner", action == Action::"conclude", resource);`
    const validated = { ...COMMON, kind: 'run.validated' as const, payload: { result: ALLOWED, outputs: { a: 1 } } }
    await journal.append({ ...validated, run })
    await journal.append({ ...validated, run: newRunId() })
    const result = await backtest(lawWith(noOutput))
    expect(result).toMatchObject({ judged: 1, skipped: 1, bySkill: [{ skill: '(output)', to: 'deny' }] })
  })

  it('begins where it is told to', async () => {
    await record('test.a')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const since = new Date().toISOString()
    await record('test.a')
    expect((await backtest(lawWith(), { since })).judged).toBe(1)
    expect((await backtest(lawWith(), { since: '2000-01-01T00:00:00.000Z' })).judged).toBe(2)
    expect((await backtest(lawWith(), { since: '2999-01-01T00:00:00.000Z' })).judged).toBe(0)
  })

  it('refuses a draft that is no law, and a second backtest while one runs; then goes on', async () => {
    await expect(backtest(lawWith('forbid (principal'))).rejects.toMatchObject({ code: 'law_invalid' })
    const first = backtest(lawWith())
    await expect(backtest(lawWith())).rejects.toMatchObject({ code: 'backtest_running', advice: 'conflict' })
    await first
    expect((await backtest(lawWith())).judged).toBe(0)
  })

  it('is cancelled, and another one can begin', async () => {
    await Promise.all(Array.from({ length: 3_000 }, () => record('test.a')))
    const controller = new AbortController()
    const seen: number[] = []
    const cancelled = constitution.backtest(
      { files: lawWith() },
      {
        signal: controller.signal,
        onProgress({ position, size }) {
          seen.push(position / size)
          controller.abort()
        },
      },
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'backtest_cancelled' })
    expect(seen).toHaveLength(1)
    expect((await backtest(lawWith())).judged).toBe(3_000)
  })
})

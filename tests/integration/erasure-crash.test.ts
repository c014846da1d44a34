import { createPrivateKey } from 'node:crypto'
import { EntryHeader } from '@azora/contracts'
import {
  canonical,
  createSigner,
  EMPTY_FRONTIER,
  extend,
  leafHash,
  newPrivateKey,
  openCheckpoint,
  payloadDigest,
  rootOf,
} from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dice, type Mortal, startMortal } from '../support/crash.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import type { ErasingLine } from '../support/erasing-child.ts'

const SEEDS = Number(process.env.AZORA_ERASURE_SEEDS ?? 40)
const SHARD = 'azora/test'
const STATEMENTS = 14

let postgres: TestPostgres
let database: TestDatabase
const privateKey = newPrivateKey()
const signer = createSigner(SHARD, createPrivateKey(privateKey))

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  await database.db.query('create table planted (run uuid not null, text text not null)')
})
afterAll(async () => {
  await database.close()
  await postgres.stop()
})

interface StoredEntry {
  index: string
  kind: string
  header: string
  payload: string | null
  salt: Buffer | null
  erased_by: string | null
}

const begin = (child: Mortal<ErasingLine>, seed: number): void => {
  const random = dice(seed)
  child.go({
    connection: database.connection,
    shard: SHARD,
    privateKey,
    notes: 1 + random.int(6),
    dieAt: random.int(STATEMENTS),
    onTheWay: random.chance(0.5),
  })
}

const hear = <K extends ErasingLine['kind']>({ said }: Mortal<ErasingLine>, kind: K) =>
  said.filter((line): line is Extract<ErasingLine, { kind: K }> => line.kind === kind)

/** The whole log hangs on the last signed checkpoint, and every payload that is there is the one that was committed to. */
async function readLog(): Promise<StoredEntry[]> {
  const { rows } = await database.db.query<StoredEntry>(
    'select index, kind, header, payload, salt, erased_by from journal.entry order by index',
  )
  const { rows: shards } = await database.db.query<{ checkpoint: string }>('select checkpoint from journal.shard')
  const checkpoint = openCheckpoint(shards[0]?.checkpoint ?? '', signer.verifier)
  const tree = extend(
    EMPTY_FRONTIER,
    rows.map(({ header }) => leafHash(header)),
    () => {},
  )
  expect({ size: checkpoint?.size, root: checkpoint?.root }).toEqual({ size: rows.length, root: rootOf(tree) })
  for (const { header, payload, salt } of rows) {
    expect(payload === null).toBe(salt === null)
    const parsed = EntryHeader.parse(JSON.parse(header))
    expect(canonical(parsed)).toBe(header)
    if (payload !== null) expect(payloadDigest(salt?.toString('hex') ?? '', payload)).toBe(parsed.payloadDigest)
  }
  return rows
}

/** What became of an erasure once a server has started again. */
function outcomeOf(log: StoredEntry[], child: Mortal<ErasingLine>, copies: Set<string>): 'none' | 'finished' {
  const [erasing] = hear(child, 'erasing')
  if (!erasing) throw new RangeError('the child died before it erased')
  const mine = log.filter(({ index }) =>
    erasing.entries.some(([first, last]) => Number(index) >= first && Number(index) <= last),
  )
  const of = (kind: string) => log.filter((entry) => entry.kind === kind && entry.payload?.includes(erasing.erasureId))
  const [requested, ...more] = of('erasure.requested')
  expect(more).toEqual([])
  if (!requested) {
    expect(mine.filter(({ payload }) => payload === null)).toEqual([])
    expect(copies.has(erasing.run)).toBe(true)
    expect(of('erasure.completed')).toEqual([])
    expect(hear(child, 'completed')).toEqual([])
    return 'none'
  }
  expect(mine.map(({ payload, erased_by }) => ({ payload, erased_by }))).toEqual(
    mine.map(() => ({ payload: null, erased_by: requested.index })),
  )
  expect(copies.has(erasing.run)).toBe(false)
  expect(of('erasure.completed')).toHaveLength(1)
  return 'finished'
}

describe('an erasure that is killed', () => {
  it(`either had not begun or is finished by the next start, at ${SEEDS} seeded moments`, async () => {
    const outcomes = { none: 0, finished: 0, resumed: 0 }
    const acknowledged = new Map<number, string>()
    const roots = new Map<number, string>()
    let before: Mortal<ErasingLine> | undefined
    let child = startMortal<ErasingLine>('erasing-child.ts')
    for (let seed = 1; seed <= SEEDS + 1; seed += 1) {
      const next = seed <= SEEDS ? startMortal<ErasingLine>('erasing-child.ts') : undefined
      begin(child, seed)
      await child
        .says(({ kind }) => kind === 'recovered')
        .catch((thrown) => {
          throw new RangeError(`seed ${seed}: ${thrown}`)
        })
      await child.says(() => false).catch(() => undefined)
      const log = await readLog()
      const { rows } = await database.db.query<{ run: string }>('select run from planted')
      if (before) {
        const outcome = outcomeOf(log, before, new Set(rows.map(({ run }) => run)))
        outcomes[outcome] += 1
        if (outcome === 'finished' && hear(before, 'completed').length === 0) outcomes.resumed += 1
      }
      for (const { index, digest } of hear(child, 'acknowledged')) acknowledged.set(index, digest)
      for (const [index, digest] of acknowledged)
        expect(EntryHeader.parse(JSON.parse(log[index]?.header ?? '{}')).payloadDigest).toBe(digest)
      rememberRoots(log, roots)
      before = child
      if (next) child = next
    }
    expect(outcomes.none + outcomes.finished).toBe(SEEDS)
    expect(outcomes.none).toBeGreaterThan(SEEDS / 20)
    expect(outcomes.resumed).toBeGreaterThan(SEEDS / 10)
  })
})

/** The tree only ever grows: the root at each size stays what it was. */
function rememberRoots(log: StoredEntry[], roots: Map<number, string>): void {
  let tree = EMPTY_FRONTIER
  for (const { header } of log) {
    tree = extend(tree, [leafHash(header)], () => {})
    const root = Buffer.from(rootOf(tree)).toString('hex')
    expect(roots.get(tree.size) ?? root).toBe(root)
    roots.set(tree.size, root)
  }
}

import type { Journal } from '@azora/journal'
import {
  type Checkpoint,
  EMPTY_FRONTIER,
  extend,
  fromBase64,
  type Hash,
  isConsistent,
  isProvedBy,
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  parseHashTile,
  parseTlogProof,
  parseVerifier,
  rootFromInclusion,
  rootOf,
  type TilePath,
  type Verifier,
} from '@azora/proof'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, newSigner, note, openJournal } from '../support/journal.ts'

// Two levels of kept nodes, and a part of a tile: what a proof can be made of.
const SIZE = 65_536 + 256 + 7
const COMMIT = 2_000
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let leaves: Hash[]
const signer = newSigner()

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  journal = await openJournal(database.db, { signer })
  const run = newRunId()
  for (let at = 0; at < SIZE; at += COMMIT) {
    const count = Math.min(COMMIT, SIZE - at)
    await Promise.all(Array.from({ length: count }, (_, offset) => journal.append(note(run, `${at + offset}`))))
  }
  const { rows } = await database.db.query<{ header: string }>('select header from journal.entry order by index')
  leaves = rows.map(({ header }) => leafHash(header))
  await until(async () => journal.publishedCheckpoint().size === SIZE, 10_000, 'the last checkpoint')
})
afterAll(async () => {
  await journal?.close()
  await database?.close()
  await postgres?.stop()
})

const roots = new Map<number, Hash>()
const headOf = (size: number): { size: number; root: Hash } => {
  const root = roots.get(size) ?? rootOf(extend(EMPTY_FRONTIER, leaves.slice(0, size)))
  roots.set(size, root)
  return { size, root }
}
const bytesOf = (path: readonly string[]): Hash[] => path.map((node) => fromBase64(node) as Hash)
const SIZES = [1, 2, 255, 256, 257, 4_097, 65_535, 65_536, 65_537, 65_792, SIZE]

describe('proofs from the store', () => {
  it('verify for entries of any size that the log had', async () => {
    for (const size of SIZES) {
      for (const index of new Set([0, 1, 255, 256, size >> 1, size - 2, size - 1])) {
        if (index < 0 || index >= size) continue
        const proof = await journal.proofs.inclusion(index, size)
        const leaf = fromBase64(proof.leaf) as Hash
        expect([...leaf]).toEqual([...(leaves[index] as Hash)])
        expect(rootFromInclusion(index, size, leaf, bytesOf(proof.path)), `${index} of ${size}`).toEqual(
          headOf(size).root,
        )
      }
    }
  })

  it('verify between any two sizes that the log had', async () => {
    for (const [at, to] of SIZES.entries()) {
      for (const from of [0, ...SIZES.slice(0, at + 1)]) {
        const { path } = await journal.proofs.consistency(from, to)
        expect(isConsistent(headOf(from), headOf(to), bytesOf(path)), `${from} to ${to}`).toBe(true)
      }
    }
    const sizes = fc.tuple(fc.integer({ min: 1, max: SIZE }), fc.integer({ min: 1, max: SIZE }))
    await fc.assert(
      fc.asyncProperty(sizes, async (two) => {
        const [from, to] = two.toSorted((a, b) => a - b) as [number, number]
        const { path } = await journal.proofs.consistency(from, to)
        expect(isConsistent(headOf(from), headOf(to), bytesOf(path))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  it('are of the newest public checkpoint unless a size is named', async () => {
    expect(await journal.proofs.inclusion(3)).toEqual(await journal.proofs.inclusion(3, SIZE))
    expect(await journal.proofs.consistency(3)).toEqual(await journal.proofs.consistency(3, SIZE))
  })

  it.each([
    ['an entry beyond the tree', () => journal.proofs.inclusion(256, 256)],
    ['a tree beyond the log', () => journal.proofs.inclusion(0, SIZE + 1)],
    ['a tree that shrinks', () => journal.proofs.consistency(8, 7)],
    ['a later tree beyond the log', () => journal.proofs.consistency(8, SIZE + 1)],
    ['the proof of an entry beyond the log', () => journal.proofs.entry(SIZE)],
  ])('are refused for %s', (_, ask) =>
    expect(ask()).rejects.toMatchObject({ code: 'proof_out_of_range', advice: 'fix' }),
  )

  it('of an entry is one text that leads to a signed checkpoint', async () => {
    const verifier = parseVerifier(journal.status().key) as Verifier
    for (const index of [0, 300, SIZE - 1]) {
      const proof = parseTlogProof(await journal.proofs.entry(index))
      const checkpoint = openCheckpoint(proof?.checkpoint ?? '', verifier) as Checkpoint
      expect(checkpoint.size).toBe(SIZE)
      expect(proof?.index).toBe(index)
      expect(isProvedBy(proof as NonNullable<typeof proof>, leaves[index] as Hash, checkpoint)).toBe(true)
    }
  })
})

describe('tiles', () => {
  const tiles: TilePath[] = [
    { level: 0, index: 0, width: 256 },
    { level: 0, index: 255, width: 256 },
    { level: 0, index: 257, width: 7 },
    { level: 0, index: 257, width: 3 },
    { level: 1, index: 0, width: 256 },
    { level: 1, index: 1, width: 1 },
    { level: 2, index: 0, width: 1 },
  ]
  it.each(tiles)('of level $level, number $index, width $width, are the roots below', async (tile) => {
    const hashes = parseHashTile((await journal.proofs.tile(tile)) as Uint8Array, tile.width)
    const span = 256 ** Number(tile.level)
    const expected = Array.from({ length: tile.width }, (_, at) => {
      const start = (tile.index * 256 + at) * span
      return rootOf(extend(EMPTY_FRONTIER, leaves.slice(start, start + span)))
    })
    expect(hashes?.map((hash) => [...hash])).toEqual(expected.map((hash) => [...hash]))
  })

  it.each<TilePath>([
    { level: 'entries', index: 0, width: 256 },
    { level: 'entries', index: 257, width: 7 },
    { level: 'entries', index: 257, width: 2 },
  ])('of entries, number $index, width $width, hash to the leaves', async (tile) => {
    const entries = parseEntryBundle((await journal.proofs.tile(tile)) as Uint8Array, tile.width)
    const start = tile.index * 256
    expect(entries?.map((entry) => [...leafHash(entry)])).toEqual(
      leaves.slice(start, start + tile.width).map((leaf) => [...leaf]),
    )
  })

  it.each<TilePath>([
    { level: 0, index: 257, width: 8 },
    { level: 0, index: 257, width: 256 },
    { level: 0, index: 258, width: 1 },
    { level: 2, index: 0, width: 2 },
    { level: 3, index: 0, width: 1 },
    { level: 63, index: 0, width: 1 },
    { level: 'entries', index: 257, width: 8 },
    { level: 'entries', index: 9_007_199_254_740, width: 1 },
  ])('that the log does not have yet are none: level $level, number $index, width $width', async (tile) =>
    expect(await journal.proofs.tile(tile)).toBeUndefined(),
  )
})

it('an entry that was changed in the database has no proof any more', async () => {
  await database.db.transaction(async (tx) => {
    await tx.query('alter table journal.entry disable trigger entry_is_fixed')
    await tx.query("update journal.entry set leaf = sha256('other') where index = 5")
    await tx.query('alter table journal.entry enable trigger entry_is_fixed')
  })
  await expect(journal.proofs.entry(5)).rejects.toMatchObject({ code: 'journal_corrupt' })
  await expect(journal.proofs.entry(4)).rejects.toMatchObject({ code: 'journal_corrupt' })
  await expect(journal.proofs.entry(300)).resolves.toContain('index 300')
})

import { generateKeyPairSync } from 'node:crypto'
import { parseArgs } from 'node:util'
import { silentLog, systemClock } from '@azora/base'
import { createJournal, type Draft, type Journal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import { createBareLog } from './lib/bare-log.ts'
import { type BenchDatabase, openDatabase } from './lib/database.ts'
import { median } from './lib/measure.ts'
import { runDrafts } from './lib/run-drafts.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    rounds: { type: 'string' },
    only: { type: 'string' },
  },
})
const ROUNDS = Number(values.rounds ?? (values.quick ? 3 : 9))
const ENTRIES = values.quick ? 10_000 : 20_000
/** Drafts that are asked for before the first of them is answered. */
const WINDOWS = values.only ? [Number(values.only)] : [100, 500, 2_000]
const SHARD = 'azora/main'

interface Row {
  window: number
  /** Entries of a batch: the median. */
  batch: number
  journal: number
  /** The same rows in the same batches, by the journal's way to hand rows over and by an array for each column. */
  bare: { texts: number; arrays: number }
  ratio: { texts: number; arrays: number }
}

let runs = 0
const drafts = (count: number): Draft[] =>
  Array.from({ length: count / 10 }, () => {
    runs += 1
    return runDrafts(runs)
  }).flat()

/** Appends with at most `window` drafts unanswered; answers the sizes of the batches that this made. */
async function feed(journal: Journal, wanted: readonly Draft[], window: number): Promise<number[]> {
  const batches: number[] = []
  const leave = journal.subscribe((entries) => batches.push(entries.length))
  let next = 0
  const one = async (): Promise<void> => {
    for (let draft = wanted[next++]; draft; draft = wanted[next++]) await journal.append(draft)
  }
  await Promise.all(Array.from({ length: window }, one))
  leave()
  return batches
}

async function compare(database: BenchDatabase, window: number): Promise<Row> {
  const signer = createSigner(SHARD, generateKeyPairSync('ed25519').privateKey)
  await database.db.query('drop schema if exists journal cascade')
  const journal = await createJournal({
    db: database.db,
    signer,
    clock: systemClock,
    log: silentLog,
    onFenced: () => process.exit(1),
  })
  const bare = await createBareLog(database.db, SHARD)
  const own: number[] = []
  const texts: number[] = []
  const arrays: number[] = []
  const sizes: number[] = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const wanted = drafts(ENTRIES)
    const from = journal.status().size
    const before = performance.now()
    const batches = await feed(journal, wanted, window)
    const between = performance.now()
    const rows = await bare.rowsFrom(from)
    const start = performance.now()
    await bare.insert(rows, batches, 'texts')
    const after = performance.now()
    await bare.empty(from)
    const again = performance.now()
    await bare.insert(rows, batches, 'arrays')
    const end = performance.now()
    // The first round warms up.
    if (round < 0) continue
    own.push((ENTRIES * 1000) / (between - before))
    texts.push((ENTRIES * 1000) / (after - start))
    arrays.push((ENTRIES * 1000) / (end - again))
    sizes.push(...batches)
  }
  await journal.close()
  return {
    window,
    batch: median(sizes),
    journal: median(own),
    bare: { texts: median(texts), arrays: median(arrays) },
    ratio: { texts: ratioOf(own, texts), arrays: ratioOf(own, arrays) },
  }
}

/** Of each round by itself, as the machine may be busy with other things for some of them. */
const ratioOf = (own: readonly number[], other: readonly number[]): number =>
  median(own.map((rate, at) => rate / (other[at] ?? rate)))

const database = await openDatabase()
try {
  const rows: Row[] = []
  for (const window of WINDOWS) rows.push(await compare(database, window))
  if (values.json)
    console.log(JSON.stringify({ node: process.version, entries: ENTRIES, rounds: ROUNDS, rows }, null, 2))
  else {
    console.log('in flight   batch   journal/s      bare/s   ratio   bare, arrays/s   ratio')
    for (const { window, batch, journal, bare, ratio } of rows)
      console.log(
        `${window}`.padStart(9),
        `${batch}`.padStart(7),
        journal.toFixed(0).padStart(11),
        bare.texts.toFixed(0).padStart(11),
        ratio.texts.toFixed(2).padStart(7),
        bare.arrays.toFixed(0).padStart(16),
        ratio.arrays.toFixed(2).padStart(7),
      )
  }
} finally {
  await database.close()
}

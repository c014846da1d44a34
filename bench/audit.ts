import { generateKeyPairSync, hash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createLogVerifier, createMemoryShelf, type Frame, readFrames, startOf } from '@azora/audit'
import { silentLog, systemClock } from '@azora/base'
import { createJournal, type Journal } from '@azora/journal'
import { createSigner, openCheckpoint } from '@azora/proof'
import { type BenchDatabase, openDatabase } from './lib/database.ts'
import { median } from './lib/measure.ts'
import { runDrafts } from './lib/run-drafts.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, entries: { type: 'string' }, rounds: { type: 'string' } },
})
const ENTRIES = Number(values.entries ?? 100_000)
const ROUNDS = Number(values.rounds ?? 5)
const SHARD = 'azora/main'
const PAGE = 2_000

const signer = createSigner(SHARD, generateKeyPairSync('ed25519').privateKey)

async function fill(journal: Journal): Promise<void> {
  for (let at = 0; at < ENTRIES / 10; at += 200)
    await Promise.all(
      Array.from({ length: 200 }, (_, run) => runDrafts(at + run))
        .flat()
        .map((draft) => journal.append(draft)),
    )
  await journal.close()
}

/** All of the verification but the way over HTTP. */
async function verify(journal: Journal): Promise<void> {
  const verifier = createLogVerifier({ from: startOf(SHARD), shelf: createMemoryShelf() })
  const take = (frame: Frame) =>
    frame.type === 'entry' ? verifier.addEntry(frame) : frame.type === 'node' ? verifier.addNode(frame) : undefined
  for await (const frames of readFrames(journal.export({})))
    for (const frame of frames) {
      const flaw = take(frame)
      if (flaw) throw new Error(flaw.what)
    }
  const checkpoint = openCheckpoint(journal.publishedCheckpoint().note, signer.verifier)
  const flaw = checkpoint && (await verifier.finish(checkpoint.root))
  if (!checkpoint || flaw) throw new Error(flaw?.what ?? 'no checkpoint')
}

/** Reads the same rows, and hashes header and payload of each. */
async function bare({ db }: BenchDatabase): Promise<void> {
  for (let at = 0; at < ENTRIES; at += PAGE) {
    const { rows } = await db.query<{ header: string; payload: string }>(
      'select header, payload, salt, leaf from journal.entry where shard = $1 and index >= $2 order by index limit $3',
      [SHARD, at, PAGE],
      'bare.read',
    )
    for (const { header, payload } of rows) {
      hash('sha256', header)
      hash('sha256', payload)
    }
  }
}

const database = await openDatabase()
try {
  const journal = await createJournal({
    db: database.db,
    signer,
    clock: systemClock,
    log: silentLog,
    onFenced: () => process.exit(1),
  })
  await fill(journal)
  const own: number[] = []
  const other: number[] = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const start = performance.now()
    await verify(journal)
    const between = performance.now()
    await bare(database)
    const end = performance.now()
    // The first round warms up.
    if (round < 0) continue
    own.push((ENTRIES * 1000) / (between - start))
    other.push((ENTRIES * 1000) / (end - between))
  }
  const row = {
    entries: ENTRIES,
    verified: median(own),
    bare: median(other),
    ratio: median(own.map((rate, at) => rate / (other[at] ?? rate))),
  }
  if (values.json) console.log(JSON.stringify({ node: process.version, rounds: ROUNDS, ...row }))
  else
    console.log(
      `${ENTRIES} entries: ${row.verified.toFixed(0)} verified/s, ${row.bare.toFixed(0)} read and hashed/s, ratio ${row.ratio.toFixed(2)}`,
    )
} finally {
  await database.close()
}

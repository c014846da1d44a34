// How long a proof about a long log takes, beside the read of one row by its primary key in the same run:
//   node bench/proofs.ts [entries] [samples]
// The log lies in a real PostgreSQL. One line of JSON for each figure, in milliseconds.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createJournal, type Journal } from '@azora/journal'
import { createSigner, isConsistent, openCheckpoint, parseTlogProof, parseVerifier } from '@azora/proof'
import { startEmbedded } from '../apps/server/database/embedded.ts'
import { fillLog } from './lib/long-log.ts'

const ENTRIES = Number(process.argv[2] ?? 1_000_000)
const SAMPLES = Number(process.argv[3] ?? 2_000)
const WARM_UP = 200

const report = (name: string, value: number): void =>
  void process.stdout.write(`${JSON.stringify({ name, value: Number(value.toPrecision(4)) })}\n`)
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const anyBelow = (limit: number): number => Math.floor(Math.random() * limit)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** At ends of the log's halves proofs are longest; at random places they are as they are. */
function worksOn(
  journal: Journal,
  readRow: (index: number) => Promise<unknown>,
): Record<string, () => Promise<unknown>> {
  return {
    rowByKey: () => readRow(anyBelow(ENTRIES)),
    inclusion: () => journal.proofs.inclusion(anyBelow(ENTRIES)),
    inclusionInOlderTree: () => {
      const size = 1 + anyBelow(ENTRIES)
      return journal.proofs.inclusion(anyBelow(size), size)
    },
    consistency: () => journal.proofs.consistency(1 + anyBelow(ENTRIES)),
    consistencyOfOlderTrees: () => {
      const to = 1 + anyBelow(ENTRIES)
      return journal.proofs.consistency(1 + anyBelow(to), to)
    },
    entryProof: () => journal.proofs.entry(anyBelow(ENTRIES)),
  }
}

/** A figure says nothing when what was measured is wrong. */
async function assertRight(journal: Journal): Promise<void> {
  const verifier = parseVerifier(journal.status().key)
  const proof = parseTlogProof(await journal.proofs.entry(anyBelow(ENTRIES)))
  const checkpoint = proof && verifier && openCheckpoint(proof.checkpoint, verifier)
  const first = await journal.proofs.inclusion(0, 1)
  const { path } = await journal.proofs.consistency(1)
  const nodes = path.map((node) => Buffer.from(node, 'base64'))
  const isRight = checkpoint && isConsistent({ size: 1, root: Buffer.from(first.leaf, 'base64') }, checkpoint, nodes)
  if (!isRight || checkpoint.size !== ENTRIES) throw new TypeError('the proofs do not verify')
}

const folder = await mkdtemp(join(tmpdir(), 'azb-'))
const server = await startEmbedded(folder, silentLog)
const db = createDb({ connection: server.connection, max: 4, log: silentLog })
try {
  const signer = createSigner('azora/bench', generateKeyPairSync('ed25519').privateKey)
  const open = (): Promise<Journal> =>
    createJournal({ db, signer, clock: systemClock, log: silentLog, onFenced: () => {} })
  await (await open()).close()
  await fillLog(db, signer, ENTRIES, say)
  const journal = await open()
  await assertRight(journal)
  say('measuring')
  const readRow = (index: number) =>
    db.query('select leaf from journal.entry where shard = $1 and index = $2', ['azora/bench', index], 'bench.row')
  const works = Object.entries(worksOn(journal, readRow))
  const times = new Map<string, number[]>(works.map(([name]) => [name, []]))
  for (let at = 0; at < SAMPLES + WARM_UP; at += 1) {
    for (const [name, work] of works) {
      const ms = await timed(work)
      if (at >= WARM_UP) times.get(name)?.push(ms)
    }
  }
  report('entries', ENTRIES)
  const bare = times.get('rowByKey')?.sort((a, b) => a - b) ?? []
  for (const [name, found] of times) {
    const sorted = found.sort((a, b) => a - b)
    const at = (share: number, of = sorted): number => of[Math.floor((of.length - 1) * share)] ?? 0
    for (const share of [5, 50, 95, 99]) report(`${name}.p${share}Ms`, at(share / 100))
    if (name !== 'rowByKey') report(`${name}.p50TimesTheRow`, at(0.5) / at(0.5, bare))
  }
  await journal.close()
} finally {
  await db.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

// What encrypting payloads at rest costs: the same appends and reads with it and without, in turn, on one PostgreSQL:
//   node bench/payloads.ts [entries per round] [rounds]
// One line of JSON for each figure: medians over the rounds, and their ratio (encrypted to clear; below 1 is slower).
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalKeyWrap, silentLog, systemClock, uuidv7 } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createJournal, type Journal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import { startEmbedded } from '../apps/server/database/embedded.ts'
import { median } from './lib/measure.ts'

const ENTRIES = Number(process.argv[2] ?? 5_000)
const ROUNDS = Number(process.argv[3] ?? 9)
/** Bytes of a payload of an ordinary action. */
const PAYLOAD_BYTES = 1_200
const MODES = ['clear', 'encrypted'] as const
type Mode = (typeof MODES)[number]

const keyWrap = createLocalKeyWrap(randomBytes(32))
const text = randomBytes(PAYLOAD_BYTES / 2).toString('hex')

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (ENTRIES * 1_000) / (performance.now() - startedMs)
}

const appendAll = (journal: Journal): Promise<unknown> =>
  Promise.all(
    Array.from({ length: ENTRIES }, () =>
      journal.append({
        kind: 'agent.recognized',
        tenant: 'default',
        actor: 'user:owner',
        run: uuidv7(Date.now()),
        payload: { pattern: text },
      }),
    ),
  )

async function readAll(journal: Journal): Promise<void> {
  let after = journal.status().size - ENTRIES - 1
  for (let left = ENTRIES; left > 0; ) {
    const page = await journal.scan('all', after)
    left -= page.length
    after = page.at(-1)?.index ?? after
    if (page.length === 0) throw new RangeError('the log is shorter than what was appended')
  }
}

const report = (name: string, value: number): void =>
  void process.stdout.write(`${JSON.stringify({ name, value: Number(value.toPrecision(3)) })}\n`)

const folder = await mkdtemp(join(tmpdir(), 'azb-'))
const server = await startEmbedded(folder, silentLog)
const admin = createDb({ connection: server.connection, max: 1, log: silentLog })
try {
  const opened = await Promise.all(
    MODES.map(async (mode) => {
      await admin.query(`create database ${mode}`)
      const db = createDb({ connection: { ...server.connection, database: mode }, max: 4, log: silentLog })
      const signer = createSigner('azora/bench', generateKeyPairSync('ed25519').privateKey)
      const encryption = { keyWrap, on: mode === 'encrypted', covers: () => true }
      const deps = { db, signer, encryption, clock: systemClock, log: silentLog, onFenced: () => {} }
      return { mode, db, journal: await createJournal(deps), appends: [] as number[], reads: [] as number[] }
    }),
  )
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { journal, appends, reads } of round % 2 === 0 ? opened : opened.toReversed()) {
      const [append, read] = [await perSecond(() => appendAll(journal)), await perSecond(() => readAll(journal))]
      // The first round only warms up.
      if (round < 0) continue
      appends.push(append)
      reads.push(read)
    }
  }
  const figure = (mode: Mode, what: 'appends' | 'reads'): number =>
    median(opened.find((one) => one.mode === mode)?.[what] ?? [])
  for (const what of ['appends', 'reads'] as const) {
    for (const mode of MODES) report(`${what} per second, ${mode}`, figure(mode, what))
    report(`${what}, encrypted to clear`, figure('encrypted', what) / figure('clear', what))
  }
  for (const { journal, db } of opened) {
    await journal.close()
    await db.close()
  }
} finally {
  await admin.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

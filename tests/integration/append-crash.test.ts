import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createLogVerifier, createMemoryShelf, type Flaw, readFrames, startOf } from '@azora/audit'
import type { AzoraError } from '@azora/base'
import type { Journal } from '@azora/journal'
import { createSigner, openCheckpoint } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChildTask } from '../support/append-crash-child.ts'
import { draftsOf, randomOf } from '../support/append-crash-drafts.ts'
import { type OwnPostgres, startOwnPostgres, type TestDatabase } from '../support/database.ts'
import { openJournal } from '../support/journal.ts'
import { patiently } from '../support/patiently.ts'
import { tempDir } from '../support/temp-dir.ts'

/** `AZORA_CRASH_SEED=17` tries one seed again, `AZORA_CRASH_SEEDS=2000` tries more. */
const ONE = process.env.AZORA_CRASH_SEED
const SEEDS =
  ONE === undefined ? Array.from({ length: Number(process.env.AZORA_CRASH_SEEDS ?? 20) }, (_, at) => at) : [Number(ONE)]
const AT_A_TIME = 4
/** In so many seeds PostgreSQL is killed before the journal is. */
const DATABASE_KILLS = 0.05

const LIMIT_MS = 900_000

const CHILD = fileURLToPath(new URL('../support/append-crash-child.ts', import.meta.url))

const compiled = tempDir('compiled')
let postgres: OwnPostgres
let database: TestDatabase

beforeAll(async () => {
  postgres = await startOwnPostgres()
  database = await postgres.createDatabase()
  // The schema is made once, so that children find it.
  await (await openJournal(database.db)).close()
})
afterAll(async () => {
  await database.close()
  await postgres.stop()
  compiled.remove()
})

interface Life {
  acks: Array<{ number: number; index: number }>
  refused: number[]
  notes: string[]
  done: boolean
}

/** One life of a journal in a process of its own, killed at a moment that the seed determines. */
async function liveAndDie(task: ChildTask): Promise<Life> {
  const random = randomOf(task.seed + 1_000_000)
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Two hundred starts: modules are compiled once.
    env: { ...process.env, NODE_COMPILE_CACHE: compiled.path },
  })
  const life: Life = { acks: [], refused: [], notes: [], done: false }
  const dieAfterAcks = Math.floor(random() ** 2 * 260) - 15
  const databaseAfterAcks = random() < DATABASE_KILLS ? Math.floor(random() * 100) : -1
  const delayMs = random() * 12
  const kill = (): unknown => setTimeout(() => child.kill('SIGKILL'), delayMs)
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      hear(life, line)
      if (line.startsWith('open') && dieAfterAcks < 0) kill()
      if (!line.startsWith('ack')) continue
      if (life.acks.length === databaseAfterAcks) postgres.kill()
      if (life.acks.length === dieAfterAcks) kill()
    }
  })
  await ended(child)
  return life
}

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))

function hear(life: Life, line: string): void {
  const [word, first, second] = line.split(' ')
  if (word === 'ack') life.acks.push({ number: Number(first), index: Number(second) })
  else if (word === 'refused') life.refused.push(Number(first))
  else if (word === 'open') life.notes.push(Buffer.from(second ?? '', 'base64').toString())
  else if (word === 'public') life.notes.push(Buffer.from(first ?? '', 'base64').toString())
  else if (word === 'done') life.done = true
}

/** Asks for everything again, as clients do who don't know what became of it. */
async function recover(journal: Journal, seed: number): Promise<Life> {
  const life: Life = { acks: [], refused: [], notes: [journal.publishedCheckpoint().note], done: true }
  await Promise.all(
    draftsOf(seed).map((draft, number) =>
      journal.append(draft).then(
        ({ header }) => life.acks.push({ number, index: header.index }),
        ({ code }: AzoraError) => {
          expect(code).toBe('illegal_transition')
          life.refused.push(number)
        },
      ),
    ),
  )
  return life
}

async function verify(journal: Journal, earlier: Array<{ size: number; root: Uint8Array }>): Promise<Flaw | undefined> {
  const { shard } = journal.status()
  const verifier = createLogVerifier({ from: startOf(shard), shelf: createMemoryShelf(), earlier })
  for await (const frames of readFrames(journal.export({})))
    for (const frame of frames) {
      const flaw =
        frame.type === 'entry' ? verifier.addEntry(frame) : frame.type === 'node' ? verifier.addNode(frame) : undefined
      if (flaw) return flaw
    }
  const key = journal.status().key
  const signed = openCheckpoint(journal.publishedCheckpoint().note, ...[signerKey(key)])
  return signed ? verifier.finish(signed.root) : { code: 'signature_invalid', what: 'the checkpoint is not signed' }
}

async function trySeed(seed: number): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const shard = `azora/seed-${seed}`
  const signer = createSigner(shard, privateKey)
  keys.set(signer.verifier.text, signer.verifier)
  const width = 1 + Math.floor(randomOf(seed)() * 200)
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const first = await liveAndDie({ connection: database.connection, key, shard, seed, width })
  // PostgreSQL may have been killed a moment ago, for this seed or another one.
  const stored = await patiently(() => headOf(shard))
  const journal = await patiently(() => openJournal(database.db, { signer }))
  const second = await recover(journal, seed)
  // What was committed last is public after a stop.
  await journal.close()

  const { rows } = await patiently(() =>
    database.db.query<{ index: string; key: string }>(
      'select index, key from journal.entry where shard = $1 order by index',
      [shard],
    ),
  )
  const drafts = draftsOf(seed)
  // No acknowledged entry is lost, and each is where it was said to be.
  for (const { number, index } of [...first.acks, ...second.acks]) expect(rows[index]?.key).toBe(drafts[number]?.key)
  // Every draft that may be in the log is, once.
  const refused = new Set(second.refused)
  const wanted = new Set(drafts.filter((_, number) => !refused.has(number)).map((draft) => draft.key))
  expect(rows.map((row) => row.key).sort()).toEqual([...wanted].sort())
  expect(first.refused.filter((number) => !refused.has(number))).toEqual([])
  // Whatever was signed and seen is a prefix of the log, so no two checkpoints of one size differ.
  const notes = [...first.notes, ...second.notes, ...(stored ? [stored] : [])]
  const earlier = notes.flatMap((note) => openCheckpoint(note, signer.verifier) ?? [])
  expect(earlier).toHaveLength(notes.length)
  for (const { size, root } of earlier)
    expect(earlier.filter((other) => other.size === size && Buffer.compare(other.root, root) !== 0)).toEqual([])
  expect(await patiently(() => verify(journal, earlier))).toBeUndefined()
}

const keys = new Map<string, ReturnType<typeof createSigner>['verifier']>()
const signerKey = (text: string) => keys.get(text) as ReturnType<typeof createSigner>['verifier']

const headOf = async (shard: string): Promise<string | undefined> =>
  (await database.db.query<{ checkpoint: string }>('select checkpoint from journal.shard where id = $1', [shard]))
    .rows[0]?.checkpoint

describe('a journal that is killed while it appends', () => {
  it(
    `loses and doubles nothing, for ${SEEDS.length} seeds`,
    async () => {
      const waiting = [...SEEDS]
      await Promise.all(
        Array.from({ length: AT_A_TIME }, async () => {
          for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
            const tried = seed
            await trySeed(tried).catch((cause) => {
              throw new Error(`AZORA_CRASH_SEED=${tried}: ${cause instanceof Error ? cause.message : cause}`, { cause })
            })
          }
        }),
      )
    },
    LIMIT_MS,
  )
})

// Finishes what the one before it began, plants a run, erases it and dies on the way. Its task: ErasingTask; what it says: ErasingLine.
import { createPrivateKey } from 'node:crypto'
import { silentLog, systemClock } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import { createErasures } from '@azora/erasure'
import { createJournal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import type { PoolConfig } from 'pg'
import { say, task } from './crash.ts'
import { erasureOf } from './erasing.ts'
import { move, newRunId, note, schedule } from './journal.ts'

export interface ErasingTask {
  connection: PoolConfig
  shard: string
  privateKey: string
  /** Entries beside those that every run has. */
  notes: number
  /** Statements of the erasure after which it dies; and whether the last one is still on its way then. */
  dieAt: number
  onTheWay: boolean
}

export type ErasingLine =
  | { kind: 'recovered'; size: number }
  | { kind: 'acknowledged'; index: number; digest: string }
  | { kind: 'erasing'; run: string; erasureId: string; entries: Array<[number, number]> }
  | { kind: 'completed' }

const { connection, shard, privateKey, notes, dieAt, onTheWay } = await task<ErasingTask>()
const tell = (line: ErasingLine): void => say(line)
const die = (): void => void process.kill(process.pid, 'SIGKILL')

/** Counts the statements of the erasure, and dies with the one that was chosen. */
let left = Number.POSITIVE_INFINITY
const counted = (text: string): boolean => /journal\.(entry|shard)|planted/.test(text) && !text.includes('checkpoint (')
function mortal(db: Db): Db {
  return {
    ...db,
    async query(text, values, name) {
      if (!counted(text)) return db.query(text, values, name)
      left -= 1
      if (left < 0) die()
      const answer = db.query<never>(text, values, name)
      if (left === 0 && onTheWay) setImmediate(die)
      return answer
    },
  }
}

const db = mortal(createDb({ connection, max: 4, log: silentLog }))
const deps = { clock: systemClock, log: silentLog }
const signer = createSigner(shard, createPrivateKey(privateKey))
const journal = await createJournal({ db, signer, ...deps, onFenced: () => {} })
const forget = async (runs: ReadonlyArray<{ runId: string }>): Promise<void> => {
  await db.query('delete from planted where run = any($1::uuid[])', [runs.map(({ runId }) => runId)])
}
const erasures = createErasures({ journal, derived: [{ name: 'copies', forget }], ...deps, atOnce: 2 })
await erasures.resumed
tell({ kind: 'recovered', size: journal.status().size })

const run = newRunId()
await db.query('insert into planted (run, text) values ($1, $2)', [run, 'planted'])
const texts = Array.from({ length: notes }, (_, at) => note(run, `planted ${at}`))
for (const draft of [schedule(run), move(run, 'scheduled', 'running'), ...texts, move(run, 'running', 'fail')]) {
  const { header } = await journal.append(draft)
  tell({ kind: 'acknowledged', index: header.index, digest: header.payloadDigest })
}
const person = { id: 'user:owner', tenant: 'default', keys: [signer.verifier.text] }
const preview = await erasures.preview('default', { by: 'run', runId: run })
const request = erasureOf({ id: person.id, signer }, preview)
tell({ kind: 'erasing', run, erasureId: request.statement.erasureId, entries: request.statement.entries })
left = dieAt
await erasures.erase(person, request)
tell({ kind: 'completed' })
die()

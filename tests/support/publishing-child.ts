// Appends and publishes until it is killed. Its task: PublishingTask; what it says: PublishingLine.
import { createPrivateKey } from 'node:crypto'
import { silentLog, systemClock } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createJournal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import type { PoolConfig } from 'pg'
import { openWitnesses } from '../../apps/server/witnesses/open.ts'
import { dice, say, task } from './crash.ts'
import { newRunId, note } from './journal.ts'

export interface PublishingTask {
  connection: PoolConfig
  shard: string
  privateKey: string
  /** File with the witnesses. */
  policy: string
  seed: number
  publishEveryMs: number
}

export type PublishingLine =
  | { kind: 'open'; size: number; epoch: number }
  | { kind: 'acknowledged'; index: number; text: string }
  | { kind: 'published'; note: string }

const { connection, shard, privateKey, policy, seed, publishEveryMs } = await task<PublishingTask>()
const tell = (line: PublishingLine): void => say(line)
const random = dice(seed)
const log = silentLog
const clock = systemClock
const db = createDb({ connection, max: 4, log })
const journal = await createJournal({
  db,
  signer: createSigner(shard, createPrivateKey(privateKey)),
  clock,
  log,
  publishEveryMs,
  onFenced: () => {},
})
tell({ kind: 'published', note: journal.publishedCheckpoint().note })
journal.onPublished((checkpoint) => tell({ kind: 'published', note: checkpoint.note }))
await openWitnesses(policy, { journal, tenant: 'default', clock, log })
const { size, epoch } = journal.status()
tell({ kind: 'open', size, epoch })

for (let count = 0; ; ) {
  const batch = 1 + random.int(12)
  await Promise.all(
    Array.from({ length: batch }, async (_, at) => {
      const text = `${seed}:${count + at}`
      const { header } = await journal.append(note(newRunId(), text))
      tell({ kind: 'acknowledged', index: header.index, text })
    }),
  ).catch(() => new Promise(() => {}))
  count += batch
}

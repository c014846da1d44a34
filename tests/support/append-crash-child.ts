import { createPrivateKey } from 'node:crypto'
import { silentLog, systemClock } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createJournal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import { draftsOf } from './append-crash-drafts.ts'
import { patiently } from './patiently.ts'

/** What the parent tells the child, as JSON in its only argument. */
export interface ChildTask {
  connection: object
  /** PKCS #8 in PEM. */
  key: string
  seed: number
  /** Name of the log. */
  shard: string
  /** Drafts that are asked for at a time. */
  width: number
}

/**
 * A journal that appends until it is killed. Each acknowledgement is a line on standard output, written before anything
 * else happens: `ack NUMBER INDEX DUPLICATE`.
 */
const task = JSON.parse(process.argv[2] ?? '{}') as ChildTask
const log = silentLog
const db = createDb({ connection: task.connection, max: 4, log })
const signer = createSigner(task.shard, createPrivateKey(task.key))
const open = () => createJournal({ db, signer, clock: systemClock, log, onFenced: () => process.exit(3) })
const journal = await patiently(open)
process.stdout.write(
  `open ${journal.status().size} ${Buffer.from(journal.publishedCheckpoint().note).toString('base64')}\n`,
)
journal.onPublished(({ note }) => process.stdout.write(`public ${Buffer.from(note).toString('base64')}\n`))

let next = 0
const drafts = draftsOf(task.seed)
await Promise.all(
  Array.from({ length: task.width }, async () => {
    for (;;) {
      const number = next++
      const draft = drafts[number]
      if (!draft) return
      await journal.append(draft).then(
        ({ header, duplicate }) => process.stdout.write(`ack ${number} ${header.index} ${duplicate}\n`),
        ({ code }: { code: string }) => process.stdout.write(`refused ${number} ${code}\n`),
      )
    }
  }),
)
await journal.close()
await db.close()
process.stdout.write('done\n')

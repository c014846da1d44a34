// Appends runs and tells a receiver of them until it is killed. Its task: WebhooksTask; what it says: WebhooksLine.
import { createPrivateKey } from 'node:crypto'
import { createLocalKeyWrap, silentLog, systemClock } from '@azora/base'
import { createDb } from '@azora/base/db'
import { NewWebhook } from '@azora/contracts'
import { createJournal } from '@azora/journal'
import { createSigner } from '@azora/proof'
import { createWebhooks } from '@azora/webhooks'
import type { PoolConfig } from 'pg'
import { say, task } from './crash.ts'
import { aRun } from './webhooks.ts'

export interface WebhooksTask {
  connection: PoolConfig
  shard: string
  /** PKCS #8 in PEM. */
  privateKey: string
  /** Key-encryption key, in base64. */
  kek: string
  url: string
  /** Runs that it appends; the webhook is made before the first one. */
  runs: number
}

export type WebhooksLine = { kind: 'ready' } | { kind: 'ran'; run: string }

const { connection, shard, privateKey, kek, url, runs } = await task<WebhooksTask>()
const tell = (line: WebhooksLine): void => say(line)

const deps = { db: createDb({ connection, max: 4, log: silentLog }), clock: systemClock, log: silentLog }
const signer = createSigner(shard, createPrivateKey(privateKey))
const journal = await createJournal({ ...deps, signer, onFenced: () => process.exit(3) })
const keyWrap = createLocalKeyWrap(Buffer.from(kek, 'base64'))
const retry = { waitMs: () => 50, giveUpMs: 60_000 }
const webhooks = await createWebhooks({ ...deps, journal, keyWrap, allowedHosts: ['127.0.0.1'], retry })
const request = NewWebhook.parse({ name: 'ci', url })
if (runs > 0) await webhooks.create({ id: 'user:owner', tenant: 'default' }, request)
tell({ kind: 'ready' })
for (let count = 0; count < runs; count += 1) tell({ kind: 'ran', run: await aRun(journal) })
setInterval(() => {}, 1_000)

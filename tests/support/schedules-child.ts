// A server whose schedule comes due soon, which ends itself by SIGKILL. Its task: SchedulesTask.
import { createPrivateKey } from 'node:crypto'
import { type Clock, clockOf, silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import type { EntryKind } from '@azora/contracts'
import { createSchedules } from '@azora/orchestrator'
import { createSigner } from '@azora/proof'
import type { PoolConfig } from 'pg'
import { task } from './crash.ts'
import { OWNER, startServer } from './server.ts'
import { createWorld, SCRIPTED } from './world.ts'

/** No second one of its times passes while a test takes its time. */
const YEARLY = '0 0 1 1 *'

export interface SchedulesTask {
  connection: PoolConfig
  shard: string
  /** PKCS #8 in PEM. */
  privateKey: string
  /** How far ahead its clock is when the schedule's time has passed. */
  aheadMs: number
  /** It makes the schedule before that time, and dies after this entry, once that is durable. */
  diesAfter?: EntryKind
}

const POLL_MS = 20

const { connection, shard, privateKey, aheadMs, diesAfter } = await task<SchedulesTask>()

let ahead = diesAfter ? 0 : aheadMs
const real = clockOf(() => Date.now() + ahead)
/** Its timers see at once that it was set. */
const clock: Clock = {
  ...real,
  timer(atMs, onTime) {
    const polling = setInterval(() => {
      if (real.now() < atMs) return
      clearInterval(polling)
      onTime()
    }, POLL_MS)
    return { cancel: () => clearInterval(polling) }
  },
}
const signer = createSigner(shard, createPrivateKey(privateKey))
const db = createDb({ connection, max: 4, log: silentLog })
const server = await startServer({ db, world: createWorld(), signer, clock })
server.journal.subscribe((entries) => {
  if (entries.some(({ header }) => header.kind === diesAfter)) process.kill(process.pid, 'SIGKILL')
})
const schedules = await createSchedules({
  ...{ journal: server.journal, registry: server.registry, runs: server.orchestrator },
  ...{ mayStart: async () => true, clock, log: silentLog },
})
if (diesAfter) {
  const input = { plans: [{ steps: [{ id: 'a', skill: 'test.read' }] }] }
  await schedules.create(OWNER, { name: 'yearly', agentId: SCRIPTED.agentId, cron: YEARLY, missed: 'one', input })
  ahead = aheadMs
}
setInterval(() => {}, 1_000)

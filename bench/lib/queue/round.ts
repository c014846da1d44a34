import type { AzoraServer } from '../azora-server.ts'
import { memoryOf } from '../usage.ts'
import { type Drained, drain } from './drain.ts'
import { fillRuns } from './fill.ts'
import { type QueueStage, TENANTS } from './stage.ts'

/** What a server took that began with some runs. */
export interface Round {
  startMs: number
  memory: { readyMb: number; workingMb: number; mostMb: number }
  drained: Drained
}

const PRIORITIES = [0, 3, 5, 5, 5, 7, 9]
/** Until the first runs have warmed it up. */
const WARM_UP_RUNS = 300
/** What may end past the counts, as runs end many at a time. */
const SPARE_RUNS = 500

/** Has so many runs of one pure action wait to start. */
export function queueUp({ database, signer, ended }: QueueStage, runs: number): Promise<void> {
  return fillRuns(database.db, signer, {
    ...{ runs, entries: ended.slice(0, 1), state: 'scheduled' },
    // Half of them are those of one tenant.
    ...{ tenants: ['default', TENANTS[1], 'default', TENANTS[2], 'default', TENANTS[3]], priorities: PRIORITIES },
  })
}

/** As many as a round needs that drains so many. */
export const queueUpFor = (stage: QueueStage, drained: number): Promise<void> =>
  queueUp(stage, drained + WARM_UP_RUNS + SPARE_RUNS)

/** @param look at the server, when it has carried so many runs to their end */
export async function measureRound(
  { database: { db }, start }: QueueStage,
  runs: number,
  look?: (server: AzoraServer) => Promise<void>,
): Promise<Round> {
  const { server, ms } = await start()
  try {
    const readyMb = memoryOf(server.pid).nowMb
    await drain(db, server.pid, WARM_UP_RUNS)
    const drained = await drain(db, server.pid, runs)
    const { nowMb, mostMb } = memoryOf(server.pid)
    await look?.(server)
    return { startMs: ms, memory: { readyMb, workingMb: nowMb, mostMb }, drained }
  } finally {
    await server.stop()
  }
}

/** Of what they carried to their end in a second. */
export const throughputRatio = (one: Round, other: Round): number =>
  Math.round((one.drained.runsPerSecond / other.drained.runsPerSecond) * 100) / 100

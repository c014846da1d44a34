import type { LimitName } from '@azora/contracts'
import type { Isolation } from '../isolation/port.ts'
import { type Conclusion, failure, readResult } from '../node/result.ts'
import { createEnginePool } from './engine-pool.ts'
import { createLane, type Lane } from './lane.ts'
import type { Driver, Job } from './port.ts'
import { type Answer, keyOf, startPureProcess } from './pure-process.ts'

/**
 * Functions without effects, in an engine (QuickJS, in WebAssembly) within a sandboxed process. An engine's memory is put
 * back to its beginning after each action, so that the process can perform another one at once; it serves one tenant.
 *
 * @param runner the SDK's runner of pure skills
 */
export function createPureDriver({ isolation, runner }: { isolation: Isolation; runner: string }): Driver {
  const pool = createEnginePool((job) => startPureProcess(isolation, runner, job))
  const lanes = new Map<string, Lane>()

  function laneOf(key: string): Lane {
    const lane = lanes.get(key) ?? createLane(pool, () => lanes.delete(key))
    lanes.set(key, lane)
    return lane
  }

  return {
    name: 'pure',
    async perform(job, signal, onPrint) {
      if (!isShownNothing(job)) return failure('driver_unfit', 'a pure skill has no workspace, paths, hosts or secrets')
      const told = await laneOf(keyOf(job)).perform(job, signal)
      if ('conclusion' in told) return told.conclusion
      if (told.answer.log !== '') onPrint('stdout', Buffer.from(told.answer.log))
      return concluded(told.answer, job)
    },
    close: pool.close,
  }
}

/** Limits that the engine keeps itself. */
const KEPT: ReadonlyMap<string, [LimitName, 'cpuMs' | 'memoryBytes' | 'outputBytes']> = new Map([
  ['limit_cpu', ['cpu', 'cpuMs']],
  ['limit_memory', ['memory', 'memoryBytes']],
  ['limit_output', ['output', 'outputBytes']],
])

function concluded({ result }: Answer, { limits }: Job): Conclusion {
  const conclusion = readResult(result, { code: 0, signal: null })
  const kept = 'error' in conclusion ? KEPT.get(conclusion.error.code) : undefined
  if (!kept) return { ...conclusion, ending: { by: 'itself' } }
  const allowed = limits[kept[1]]
  return { ...conclusion, ending: { by: 'limit', breach: { limit: kept[0], allowed, used: allowed } } }
}

const isShownNothing = ({ shown, invocation }: Job): boolean =>
  !invocation.context.secrets &&
  (shown.read ?? []).length + (shown.write ?? []).length === 0 &&
  !shown.workspace &&
  !shown.egressSocket &&
  !shown.env

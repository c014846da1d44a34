import { availableParallelism, totalmem } from 'node:os'
import type { Breach, LimitName } from '@azora/contracts'
import type { Exit, Isolation } from '../isolation/port.ts'
import { breached, CANCELLED, type Conclusion, failure, parseResult, readResult } from '../node/result.ts'
import type { Driver, Job } from './port.ts'
import { type Answer, keyOf, type PureProcess, startPureProcess } from './pure-process.ts'
import { createTurns } from './turns.ts'

/** What a process that waits takes of memory, about. */
const PROCESS_BYTES = 64 * 1024 * 1024
/** As many as fit into a sixteenth of the memory: to start one takes the time of hundreds of actions, and each serves one tenant. */
const PROCESSES_IDLE_MAX = Math.min(64, Math.max(4, Math.floor(totalmem() / 16 / PROCESS_BYTES)))
const IDLE_MS_MAX = 60_000
/** Of one skill for one tenant: it only computes, so more at one time than there are processors would take longer. */
const PROCESSES_BUSY_MAX = Math.max(2, availableParallelism())

interface Idle {
  pure: PureProcess
  timer: NodeJS.Timeout
}

/**
 * Functions without effects, in an engine (QuickJS, in WebAssembly) within a sandboxed process. An engine's memory is put
 * back to its beginning after each action, so that the process can perform another one at once; it serves one tenant.
 *
 * @param runner the SDK's runner of pure skills
 */
export function createPureDriver({ isolation, runner }: { isolation: Isolation; runner: string }): Driver {
  /** The longest-waiting first; the last is taken first, as what it works with is still near the processor. */
  const idle = new Set<Idle>()
  const turns = createTurns(PROCESSES_BUSY_MAX)

  const take = (entry: Idle): PureProcess => {
    idle.delete(entry)
    clearTimeout(entry.timer)
    return entry.pure
  }
  function keep(pure: PureProcess): void {
    const [oldest] = idle
    if (oldest && idle.size >= PROCESSES_IDLE_MAX) take(oldest).kill()
    const entry: Idle = { pure, timer: setTimeout(() => take(entry).kill(), IDLE_MS_MAX).unref() }
    idle.add(entry)
    const forget = (): void => {
      if (idle.has(entry)) take(entry)
    }
    pure.exited.then(forget, forget)
  }

  async function performNow(job: Job, signal: AbortSignal, onPrint: Parameters<Driver['perform']>[2]) {
    const ready = [...idle].findLast(({ pure }) => pure.key === keyOf(job))
    const pure = ready ? take(ready) : startPureProcess(isolation, runner, job)
    const told = await tell(pure, job, signal)
    if ('conclusion' in told) return told.conclusion
    if (told.answer.log !== '') onPrint('stdout', Buffer.from(told.answer.log))
    if (told.answer.spent) pure.kill()
    else keep(pure)
    return concluded(told.answer, job)
  }

  return {
    name: 'pure',
    async perform(job, signal, onPrint) {
      if (!isShownNothing(job)) return failure('driver_unfit', 'a pure skill has no workspace, paths, hosts or secrets')
      const giveBack = await turns.take(keyOf(job), signal)
      if (!giveBack) return { ...CANCELLED, ending: { by: 'cancel' } }
      try {
        return await performNow(job, signal, onPrint)
      } finally {
        giveBack()
      }
    },
    close() {
      for (const entry of idle) take(entry).kill()
    },
  }
}

/** Asks a process, and ends it where it doesn't answer in time or isn't to. */
async function tell(
  pure: PureProcess,
  job: Job,
  signal: AbortSignal,
): Promise<{ answer: Answer } | { conclusion: Conclusion }> {
  const { wallMs } = job.limits
  const startedMs = performance.now()
  let decided: { why: 'cancel' | Breach; atMs: number } | undefined
  const end = (why: 'cancel' | Breach): void => {
    decided ??= { why, atMs: performance.now() }
    pure.kill()
  }
  const cancel = (): void => end('cancel')
  const timer = setTimeout(
    () => end({ limit: 'wall', allowed: wallMs, used: Math.round(performance.now() - startedMs) }),
    wallMs,
  )
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    const answer = await pure.ask(job)
    if (answer && !decided) return { answer }
    pure.kill()
    const exit = await pure.exited
    const goneAfterMs = decided && Math.round(performance.now() - decided.atMs)
    return { conclusion: ended(exit, decided?.why ?? exit.breach, goneAfterMs) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

function ended(exit: Exit, why: 'cancel' | Breach | undefined, goneAfterMs: number | undefined): Conclusion {
  const gone = goneAfterMs === undefined ? {} : { goneAfterMs }
  if (why === 'cancel') return { ...CANCELLED, ending: { by: 'cancel', ...gone } }
  if (why) return { ...breached(why), ending: { by: 'limit', breach: why, ...gone } }
  return { ...parseResult(Buffer.alloc(0), exit), ending: { by: 'itself' } }
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

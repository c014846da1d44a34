import { AzoraError, toAzoraError } from '@azora/base'
import {
  type AgentRun,
  isTerminal,
  type ReplayedRun,
  type ReplayReport,
  ReplaysRequest,
  type ReplaysResult,
} from '@azora/contracts'
import type { Caller } from '../commands/schedule.ts'
import { createReplay, type ReplayDeps, reasonOf } from './replayer.ts'

export interface SeveralDeps extends ReplayDeps {
  /** Runs, newest first. */
  list(
    caller: Caller,
    query: { agentId?: string | undefined; limit: number; cursor?: string | undefined },
  ): Promise<{ items: AgentRun[]; next?: string }>
}

export interface SeveralOptions {
  /** Cancels it; its reason, an AzoraError, is what it then rejects with. */
  signal: AbortSignal
  onProgress?: (progress: ReplaysProgress) => void
  onRun?: (run: ReplayedRun) => void
}

type Counts = Pick<ReplaysResult, 'total' | 'same' | 'diverged' | 'incomplete' | 'failed'>
export type ReplaysProgress = Counts & { done: number }

/** Replays at one time; each may have a process of its agent busy. */
const CONCURRENCY = 2
const PAGE = 200
const RUNS_KEPT_MAX = 500

/** Replays runs that have ended, each as it was. */
export async function replaySeveral(
  deps: SeveralDeps,
  caller: Caller,
  given: ReplaysRequest,
  { signal, onProgress, onRun }: SeveralOptions,
): Promise<ReplaysResult> {
  const startedMs = performance.now()
  const { runs, limited } = await chosenRuns(deps, caller, ReplaysRequest.parse(given), signal)
  const tally = createTally(runs.length)
  const replay = createReplay(deps, signal)
  const end = (): void => void replay.close()
  signal.addEventListener('abort', end, { once: true })
  const left = [...runs]

  async function work(): Promise<void> {
    for (let run = left.shift(); run; run = left.shift()) {
      signal.throwIfAborted()
      const replayed = await replayOne(run)
      signal.throwIfAborted()
      tally.count(run, replayed)
      if (replayed) onRun?.(replayed)
      onProgress?.(tally.progress())
    }
  }

  /** Undefined when it is the same. */
  async function replayOne(run: AgentRun): Promise<ReplayedRun | undefined> {
    const { id: runId, agentId, agentVersion, state } = run
    const name = { runId, agent: `${agentId}@${agentVersion}`, state }
    try {
      return told(name, await replay.run(caller, runId).catch((thrown) => withoutAgent(runId, thrown)))
    } catch (thrown) {
      signal.throwIfAborted()
      const error = toAzoraError(thrown)
      deps.log.warn({ err: error, run: runId }, 'a run could not be replayed')
      return { ...name, outcome: 'failed', why: reasonOf(error) }
    }
  }

  /** What doesn't need an agent whose code is gone is replayed without it. */
  async function withoutAgent(runId: string, thrown: unknown): Promise<ReplayReport & { why?: string }> {
    const { code, message } = toAzoraError(thrown)
    if (!CODE_GONE.has(code)) throw thrown
    return { ...(await replay.run(caller, runId, { withoutAgent: true })), why: message }
  }

  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work))
    return { ...tally.result(), limited, durationMs: Math.round(performance.now() - startedMs) }
  } finally {
    signal.removeEventListener('abort', end)
    await replay.close()
  }
}

const CODE_GONE = new Set(['agent_code_gone', 'agent_code_changed', 'agent_not_found'])

function told(
  name: Pick<ReplayedRun, 'runId' | 'agent' | 'state'>,
  { outcome, divergences, unreplayed, why }: ReplayReport & { why?: string },
): ReplayedRun | undefined {
  if (outcome === 'same') return undefined
  const [divergence] = divergences
  if (divergence) return { ...name, outcome: 'diverged', divergence }
  const reason = why ?? unreplayed[0]?.message
  return { ...name, outcome: 'incomplete', ...(reason !== undefined && { why: reason }) }
}

/** Ended runs, newest first, up to the limit. A run's id begins with the time of its creation, so the list is in that order. */
async function chosenRuns(
  deps: SeveralDeps,
  caller: Caller,
  { agentId, since, limit }: ReturnType<typeof ReplaysRequest.parse>,
  signal: AbortSignal,
): Promise<{ runs: AgentRun[]; limited: boolean }> {
  const runs: AgentRun[] = []
  for (let cursor: string | undefined; ; ) {
    signal.throwIfAborted()
    const page = await deps.list(caller, { agentId, limit: PAGE, cursor })
    for (const run of page.items) {
      if (since !== undefined && Date.parse(run.createdAt) < Date.parse(since)) return { runs, limited: false }
      if (!isTerminal(run.state)) continue
      if (runs.length === limit) return { runs, limited: true }
      runs.push(run)
    }
    if (page.next === undefined) return { runs, limited: false }
    cursor = page.next
  }
}

function createTally(total: number) {
  const none = (): Omit<Counts, 'total'> => ({ same: 0, diverged: 0, incomplete: 0, failed: 0 })
  const all = none()
  const byAgent = new Map<string, Counts>()
  const runs: ReplayedRun[] = []
  let done = 0
  return {
    count({ agentId, agentVersion }: AgentRun, replayed: ReplayedRun | undefined): void {
      const name = `${agentId}@${agentVersion}`
      const own = byAgent.get(name) ?? { total: 0, ...none() }
      byAgent.set(name, own)
      const outcome = replayed?.outcome ?? 'same'
      done += 1
      own.total += 1
      own[outcome] += 1
      all[outcome] += 1
      if (replayed && runs.length < RUNS_KEPT_MAX) runs.push(replayed)
    },
    progress: (): ReplaysProgress => ({ done, total, ...all }),
    result: () => ({
      total,
      ...all,
      byAgent: [...byAgent].map(([agent, counts]) => ({ agent, ...counts })).sort((a, b) => b.total - a.total),
      runs,
    }),
  }
}

/** One at a time: it takes all that a replay may take of the machine. */
export const busy = (): AzoraError =>
  new AzoraError('conflict', 'replay_running', 'other runs are being replayed', {
    remedy: 'Wait until that ends, or stop the command that started it.',
  })

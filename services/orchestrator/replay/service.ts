import { AzoraError } from '@azora/base'
import type { ReplayReport, ReplayRequest, ReplaysRequest, ReplaysResult } from '@azora/contracts'
import type { Caller } from '../commands/schedule.ts'
import { createReplay } from './replayer.ts'
import { busy, replaySeveral, type SeveralDeps, type SeveralOptions } from './several.ts'

/** Makes recorded decisions again; performs nothing and appends nothing. */
export interface Replayer {
  /**
   * Throws `run_not_found`, `agent_code_gone`, `agent_code_changed`, `agent_not_found`, `version_not_found`, `law_invalid`,
   * `not_replayable`, `replay_timeout`, `overloaded`.
   */
  replay(caller: Caller, runId: string, request?: ReplayRequest, options?: ReplayOptions): Promise<ReplayReport>
  /** Throws `replay_running`, `replay_cancelled`. */
  replayRecorded(
    caller: Caller,
    request: ReplaysRequest,
    options?: ReplayOptions & Pick<SeveralOptions, 'onProgress' | 'onRun'>,
  ): Promise<ReplaysResult>
}

export interface ReplayOptions {
  /** Cancels it. */
  signal?: AbortSignal
}

const SINGLE_MAX = 4
const SINGLE_MS_MAX = 240_000

export function createReplayer(deps: SeveralDeps): Replayer {
  let single = 0
  let several = false
  return {
    async replay(caller, runId, request, { signal } = {}) {
      if (single >= SINGLE_MAX) throw crowded()
      single += 1
      const stop = stopper(signal)
      const timer = setTimeout(() => stop.abort(tooLong()), SINGLE_MS_MAX)
      const replay = createReplay(deps, stop.signal)
      stop.signal.addEventListener('abort', () => void replay.close(), { once: true })
      try {
        return await replay.run(caller, runId, request)
      } finally {
        clearTimeout(timer)
        await replay.close()
        single -= 1
      }
    },
    async replayRecorded(caller, request, { signal, ...options } = {}) {
      if (several) throw busy()
      several = true
      try {
        return await replaySeveral(deps, caller, request, { ...options, signal: stopper(signal).signal })
      } finally {
        several = false
      }
    },
  }
}

/** Aborts with an error that says so. */
function stopper(signal: AbortSignal | undefined): AbortController {
  const stop = new AbortController()
  const cancel = (): void => stop.abort(new AzoraError('cancelled', 'replay_cancelled', 'the replay was cancelled'))
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  return stop
}

const crowded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `${SINGLE_MAX} runs are being replayed, more than that may not`, {
    remedy: 'Wait until one of them has ended.',
    retryAfterMs: 1_000,
  })

const tooLong = (): AzoraError =>
  new AzoraError('fix', 'replay_timeout', `the replay took longer than ${SINGLE_MS_MAX / 60_000} minutes`, {
    remedy: 'Replay it with --without-agent; its agent is slow.',
  })

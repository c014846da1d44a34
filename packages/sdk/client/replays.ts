import { type ReplayedRun, ReplaysEvent, type ReplaysRequest, type ReplaysResult } from '@azora/contracts'
import { AnswerError } from './errors.ts'
import { followJob } from './job.ts'
import type { Transport } from './transport.ts'

export interface ReplaysCallOptions {
  /** Cancels it, on the server too. */
  signal?: AbortSignal
  onProgress?: (progress: Extract<ReplaysEvent, { type: 'progress' }>) => void
  /** Told of each run whose replay does not say `same`. */
  onRun?: (run: ReplayedRun) => void
}

/** Follows the replay of many runs to its end. */
export async function followReplays(
  transport: Transport,
  path: string,
  request: ReplaysRequest,
  { signal, onProgress, onRun }: ReplaysCallOptions = {},
): Promise<ReplaysResult> {
  const job = { path, request, events: ReplaysEvent, what: 'the replay' }
  for await (const event of followJob(transport, job, signal)) {
    if (event.type === 'result') return event.result
    if (event.type === 'progress') onProgress?.(event)
    if (event.type === 'run') onRun?.(event.run)
  }
  throw new AnswerError(path, 'the replay ended without a result')
}

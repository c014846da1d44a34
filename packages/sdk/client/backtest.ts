import { BacktestEvent, type BacktestRequest, type BacktestResult } from '@azora/contracts'
import { AnswerError } from './errors.ts'
import { followJob } from './job.ts'
import type { Transport } from './transport.ts'

export interface BacktestCallOptions {
  /** Cancels it, on the server too. */
  signal?: AbortSignal
  onProgress?: (progress: Extract<BacktestEvent, { type: 'progress' }>) => void
}

/** Follows a backtest to its end; it takes as long as the journal is large. */
export async function followBacktest(
  transport: Transport,
  path: string,
  request: BacktestRequest,
  { signal, onProgress }: BacktestCallOptions = {},
): Promise<BacktestResult> {
  const job = { path, request, events: BacktestEvent, what: 'a backtest' }
  for await (const event of followJob(transport, job, signal)) {
    if (event.type === 'result') return event.result
    if (event.type === 'progress') onProgress?.(event)
  }
  throw new AnswerError(path, 'the backtest ended without a result')
}

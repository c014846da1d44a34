import { BacktestEvent, type BacktestRequest, type BacktestResult } from '@azora/contracts'
import { AnswerError, ApiError } from './errors.ts'
import { messagesIn } from './server-sent.ts'
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
  const response = await transport.stream(path, { accept: 'text/event-stream' }, signal, JSON.stringify(request))
  for await (const { data } of messagesIn(response)) {
    const event = eventIn(data, response.url)
    if (event.type === 'result') return event.result
    if (event.type === 'failed') {
      const { code, message } = event
      throw new ApiError({ type: `urn:azora:problem:${code}`, title: code, status: 500, code, detail: message })
    }
    onProgress?.(event)
  }
  throw new AnswerError(response.url, 'the backtest ended without a result')
}

function eventIn(data: string, url: string): BacktestEvent {
  const parsed = BacktestEvent.safeParse(jsonIn(data))
  if (parsed.success) return parsed.data
  throw new AnswerError(url, `an event of a backtest has another shape: ${parsed.error.issues[0]?.message}`)
}

function jsonIn(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

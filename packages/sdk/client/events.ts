import { isTerminal, RunEvent } from '@azora/contracts'
import type { EventSourceMessage } from 'eventsource-parser'
import { AnswerError, UnreachableError } from './errors.ts'
import { mayPass, pauseMs } from './retry.ts'
import { messagesIn } from './server-sent.ts'
import type { Transport } from './transport.ts'

export interface EventOptions {
  /** Index of the last entry already seen; the stream goes on after it. */
  after?: number
  /** Ends the iteration quietly. */
  signal?: AbortSignal
  /** Told when the connection is lost and each time that it can't be made again. */
  onDrop?: (error: unknown) => void
  /** Connections that may fail in a row before the error is thrown; about one minute by default. */
  attempts?: number
}

const ATTEMPTS = 32

/**
 * Entries of a run as they are journaled, each once and in order, over as many connections as it takes
 * (server-sent events with `Last-Event-ID`, HTML Living Standard, section 9.2). Ends with the run.
 */
export async function* followEvents(
  transport: Transport,
  path: string,
  hasEnded: () => Promise<boolean>,
  options: EventOptions = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const { signal, onDrop, attempts = ATTEMPTS } = options
  let last = options.after
  let failures = 0
  while (!signal?.aborted) {
    let received = 0
    try {
      for await (const event of connection(transport, path, last, signal)) {
        if (last !== undefined && event.header.index <= last) continue
        last = event.header.index
        received += 1
        failures = 0
        yield event
        if (endsRun(event)) return
      }
      // A server that restarts ends its streams cleanly too; only an ended run is a reason to stop.
      if (received === 0 && (await hasEnded())) return
      throw new UnreachableError(path, 'the stream ended before the run did')
    } catch (error) {
      if (signal?.aborted) return
      failures += 1
      if (failures >= attempts || !mayPass(error)) throw error
      onDrop?.(error)
      if (!(await paused(transport, pauseMs(failures, error), signal))) return
    }
  }
}

const endsRun = ({ header }: RunEvent): boolean => header.transition !== undefined && isTerminal(header.transition.to)

/** False when the wait was cut short by the signal. */
async function paused(transport: Transport, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await transport.wait(ms, signal)
    return true
  } catch (error) {
    if (signal?.aborted) return false
    throw error
  }
}

async function* connection(
  transport: Transport,
  path: string,
  after: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, void, undefined> {
  const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': String(after) }) }
  const response = await transport.stream(path, headers, signal)
  for await (const message of messagesIn(response)) yield eventOf(message, response.url)
}

function eventOf(message: EventSourceMessage, url: string): RunEvent {
  let data: unknown
  try {
    data = JSON.parse(message.data)
  } catch {
    throw new AnswerError(url, 'an event is not JSON')
  }
  const result = RunEvent.safeParse(data)
  if (result.success) return result.data
  throw new AnswerError(
    url,
    `event ${message.id ?? ''} is not an entry: ${result.error.issues[0]?.message ?? 'unknown'}`,
  )
}

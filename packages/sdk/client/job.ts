import type { z } from 'zod'
import { AnswerError, ApiError } from './errors.ts'
import { jsonIn, messagesIn } from './server-sent.ts'
import type { Transport } from './transport.ts'

type JobEvent = { type: string } | { type: 'failed'; code: string; message: string }

export interface Job<E extends JobEvent> {
  path: string
  request: unknown
  events: z.ZodType<E>
  /** Names the job in errors, such as `the backtest`. */
  what: string
}

/** The events of a job that the server streams, up to the one of type `result`; it takes as long as it takes. */
export async function* followJob<E extends JobEvent>(
  transport: Transport,
  { path, request, events, what }: Job<E>,
  signal?: AbortSignal,
): AsyncGenerator<E, void, undefined> {
  const response = await transport.stream(path, { accept: 'text/event-stream' }, signal, JSON.stringify(request))
  for await (const { data } of messagesIn(response)) {
    const parsed = events.safeParse(jsonIn(data))
    if (!parsed.success)
      throw new AnswerError(response.url, `an event of ${what} has another shape: ${parsed.error.issues[0]?.message}`)
    const event = parsed.data
    if ('code' in event) {
      const { code, message } = event
      throw ApiError.of(code, message)
    }
    yield event
    if (event.type === 'result') return
  }
  throw new AnswerError(response.url, `${what} ended without a result`)
}

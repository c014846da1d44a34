import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { AnswerError, UnreachableError } from './errors.ts'

const LARGEST_EVENT_CHARS = 64 * 1024 * 1024

/** The server-sent events of an answer as they come (HTML Living Standard, section 9.2). */
export async function* messagesIn(response: Response): AsyncGenerator<EventSourceMessage, void, undefined> {
  if (!response.body) return
  const messages: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: LARGEST_EVENT_CHARS,
    onEvent: (message) => messages.push(message),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw new AnswerError(response.url, 'an event is too large')
    },
  })
  for await (const text of textOf(response, response.body)) {
    parser.feed(text)
    yield* messages.splice(0)
  }
}

async function* textOf(response: Response, body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of body) yield decoder.decode(chunk, { stream: true })
  } catch (error) {
    throw new UnreachableError(response.url, error)
  }
}

/** The data of a message; undefined when it is not JSON. */
export function jsonIn(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

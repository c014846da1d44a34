import { OutputEvent } from '@azora/contracts'
import { AnswerError } from './errors.ts'
import { jsonIn, messagesIn } from './server-sent.ts'
import type { Transport } from './transport.ts'

/** What a run's actions print from now on, until the run has ended. What is missed is in the artifacts. */
export async function* followOutput(
  transport: Transport,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<OutputEvent, void, undefined> {
  const response = await transport.stream(path, { accept: 'text/event-stream' }, signal)
  for await (const { event, data } of messagesIn(response)) {
    if (event === 'end') return
    const parsed = OutputEvent.safeParse(jsonIn(data))
    if (!parsed.success) throw new AnswerError(response.url, 'an event of the output has another shape')
    yield parsed.data
  }
}

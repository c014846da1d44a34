import { FromAgent, type Json, type ToAgent } from '@azora/contracts/authoring'
import { z } from 'zod'
import type { Agent, Answer } from '../define-agent.ts'
import { messageOf } from './load.ts'

const MESSAGE_CHARS = 4000

/** Answers one request. Never throws: what goes wrong becomes an `error` message. */
export async function answer(agent: Agent, request: ToAgent, report: (thrown: unknown) => void): Promise<FromAgent> {
  const input = agent.input.safeParse(request.input)
  if (!input.success) return refusal(request.id, `the input is not valid: ${z.prettifyError(input.error)}`)
  try {
    const said = await ask(agent, request, input.data)
    const message = FromAgent.safeParse(said)
    return message.success
      ? message.data
      : refusal(request.id, `the agent's answer is not valid: ${z.prettifyError(message.error)}`)
  } catch (thrown) {
    report(thrown)
    return refusal(request.id, messageOf(thrown))
  }
}

async function ask(agent: Agent, request: ToAgent, input: unknown): Promise<unknown> {
  const { id, runId } = request
  if (request.type === 'recognize') {
    const pattern: Json = await agent.recognize(input)
    return { type: 'recognized', id, pattern: plain(pattern) }
  }
  const { pattern, turn, observations } = request
  return toMessage(id, await agent.reason({ runId, input, pattern, turn, observations }))
}

function toMessage(id: string, said: Answer): unknown {
  if ('done' in said) return { type: 'done', id, ...plain(said.done) }
  const { steps, note } = plain(said)
  return { type: 'plan', id, plan: { steps }, ...(note === undefined ? {} : { note }) }
}

/** As it will be read on the other side: without `undefined`. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value) ?? 'null')

export const refusal = (id: string, message: string): FromAgent => ({
  type: 'error',
  id,
  message: message.slice(0, MESSAGE_CHARS),
})

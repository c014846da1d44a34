/**
 * Lets an agent think: `node agent.ts <absolute entrypoint>`.
 *
 * Speaks the protocol of `@azora/contracts` (`ToAgent`, `FromAgent`): one JSON message per line on standard input and
 * output, at most 4 MiB each. Answers come as they are ready, in any order. Standard error is the log.
 * Exits with 0 at the end of its input, and with 1 when it can't go on.
 */
import { ToAgent } from '@azora/contracts/authoring'
import type { Agent } from '../define-agent.ts'
import { answer, refusal } from './answer.ts'
import { linesOf } from './lines.ts'
import { loadAgent, messageOf } from './load.ts'
import { claimStdout } from './stdout.ts'

const LINE_BYTES_MAX = 4_194_304
const IN_FLIGHT_MAX = 256

const write = claimStdout()

function say(message: ReturnType<typeof refusal>): void {
  const line = JSON.stringify(message)
  if (Buffer.byteLength(line) <= LINE_BYTES_MAX) write(`${line}\n`)
  else say(refusal(message.id, `the agent's answer is longer than ${LINE_BYTES_MAX} bytes`))
}

async function serve(agent: Agent): Promise<void> {
  const inFlight = new Set<Promise<void>>()
  for await (const line of linesOf(process.stdin, LINE_BYTES_MAX)) {
    const request = parseRequest(line)
    if (!request) continue
    const work = answer(agent, request, console.error)
      .then(say)
      .finally(() => inFlight.delete(work))
    inFlight.add(work)
    if (inFlight.size >= IN_FLIGHT_MAX) await Promise.race(inFlight)
  }
  await Promise.all(inFlight)
}

/** A request, or undefined after saying why the line is none. */
function parseRequest(line: string): ToAgent | undefined {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (thrown) {
    console.error(`a line is no JSON: ${messageOf(thrown)}`)
    return undefined
  }
  const request = ToAgent.safeParse(json)
  if (request.success) return request.data
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : undefined
  if (typeof id === 'string') say(refusal(id, 'the message is not part of the protocol'))
  else console.error('a line without an id is not part of the protocol')
  return undefined
}

try {
  await serve(await loadAgent(process.argv[2] ?? ''))
  process.exit(0)
} catch (thrown) {
  console.error(thrown)
  process.exit(1)
}

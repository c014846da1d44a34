import { AzoraError, type Log, parseStrictJson, readLines, toAzoraError } from '@azora/base'
import { FromAgent, type ToAgent } from '@azora/contracts'
import type { Isolation } from '../isolation/port.ts'

/** One agent's code, running where it can only answer. */
export interface AgentProcess {
  /**
   * Throws `agent_timeout`, `agent_crashed`, `agent_protocol`, `agent_input_too_long`, or `agent_failed` with the agent's
   * own message.
   */
  ask(request: ToAgent): Promise<Exclude<FromAgent, { type: 'error' }>>
  busy(): number
  alive(): boolean
  end(): void
}

const LINE_BYTES_MAX = 4 * 1024 * 1024
const LOG_BYTES_MAX = 64 * 1024
/** Of all that an agent's process is asked for as long as it lives. */
const CPU_MS_MAX = 16 * 3_600_000

interface Pending {
  resolve: (answer: Exclude<FromAgent, { type: 'error' }>) => void
  reject: (error: AzoraError) => void
}

/** @param codeFolder where its code lies, if that is not the catalogue */
export function startAgentProcess(
  deps: { isolation: Isolation; log: Log; answerMsMax: number },
  name: string,
  argv: [string, ...string[]],
  codeFolder?: string,
): AgentProcess {
  const sandbox = deps.isolation.launch({
    argv,
    limits: { cpuMs: CPU_MS_MAX },
    ...(codeFolder !== undefined && { codeFolder }),
  })
  const pending = new Map<string, Pending>()
  let dead: AzoraError | undefined

  const die = (error: AzoraError): void => {
    dead ??= error
    sandbox.kill()
    for (const { reject } of pending.values()) reject(dead)
    pending.clear()
  }
  const hear = (line: string): void => {
    const message = parse(line)
    const waiting = 'flaw' in message ? undefined : pending.get(message.id)
    if ('flaw' in message || !waiting) {
      const flaw = 'flaw' in message ? message.flaw : 'nothing was asked under its id'
      die(new AzoraError('fix', 'agent_protocol', `agent ${name} wrote a line that is no answer: ${flaw}`))
      return
    }
    pending.delete(message.id)
    if (message.type === 'error')
      waiting.reject(new AzoraError('fix', 'agent_failed', `agent ${name}: ${message.message}`))
    else waiting.resolve(message)
  }
  readLines(
    sandbox.stdout,
    LINE_BYTES_MAX,
    hear,
    (error) => error && die(new AzoraError('fix', 'agent_protocol', `agent ${name}: ${error.message}`)),
  )
  logStderr(sandbox.stderr, deps.log, name)
  sandbox.result.resume()
  sandbox.exited.then(
    ({ code, signal }) =>
      die(
        new AzoraError(
          'retry',
          'agent_crashed',
          `agent ${name} ended (${signal ? `signal ${signal}` : `exit code ${code}`})`,
        ),
      ),
    (cause) => die(new AzoraError('retry', 'agent_crashed', `agent ${name} could not be started`, { cause })),
  )

  return {
    ask(request) {
      if (dead) return Promise.reject(dead)
      const line = JSON.stringify(request)
      if (Buffer.byteLength(line) > LINE_BYTES_MAX) return Promise.reject(tooLong(name))
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            die(new AzoraError('fix', 'agent_timeout', `agent ${name} did not answer within ${deps.answerMsMax} ms`)),
          deps.answerMsMax,
        )
        pending.set(request.id, {
          resolve: (answer) => {
            clearTimeout(timer)
            resolve(answer)
          },
          reject: (error) => {
            clearTimeout(timer)
            reject(error)
          },
        })
        sandbox.stdin.write(`${line}\n`)
      })
    },
    busy: () => pending.size,
    alive: () => dead === undefined,
    end: () => die(new AzoraError('retry', 'agent_crashed', `agent ${name} was ended`)),
  }
}

const tooLong = (name: string): AzoraError =>
  new AzoraError(
    'fix',
    'agent_input_too_long',
    `what agent ${name} would have to read is longer than ${LINE_BYTES_MAX} bytes`,
    { remedy: 'Let its skills answer less.' },
  )

/** What an agent proposes is judged and journaled as it was read: it must read in one way only. */
function parse(line: string): FromAgent | { flaw: string } {
  try {
    const parsed = FromAgent.safeParse(parseStrictJson(line))
    return parsed.success ? parsed.data : { flaw: 'it has another shape' }
  } catch (thrown) {
    return { flaw: toAzoraError(thrown).message }
  }
}

/** What an agent prints is for its author; a flood of it is cut off. */
function logStderr(stderr: NodeJS.ReadableStream, log: Log, agent: string): void {
  let left = LOG_BYTES_MAX
  stderr.on('data', (chunk: Buffer) => {
    if (left <= 0) return
    log.debug({ agent, text: chunk.subarray(0, left).toString('utf8') }, 'agent')
    left -= chunk.length
  })
}

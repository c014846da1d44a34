/**
 * Performs one action: `node skill.ts <absolute entrypoint>`.
 *
 * Reads `{input, context, environment}` as JSON from standard input and writes one line of JSON to file descriptor 3:
 * `{"ok":true,"output":...}` or `{"ok":false,"error":{"code","message"}}`. Standard output and error are the log.
 * Exits with 0 in both cases; any other exit status means that there is no result.
 * With AZORA_EGRESS_SOCKET, HTTP goes through the proxy behind that Unix socket.
 */
import { writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { routeThrough } from './egress.ts'
import { loadSkill, ModuleError } from './load.ts'
import { failure, Invocation, perform, type Result } from './perform.ts'

const RESULT_FD = 3
const INVOCATION_BYTES_MAX = 16_777_216

async function main([entrypoint]: string[], env: NodeJS.ProcessEnv): Promise<Result> {
  if (!entrypoint) return failure('usage', 'usage: node skill.ts <absolute path of a *.skill.ts module>')
  if (env.AZORA_EGRESS_SOCKET) await routeThrough(env.AZORA_EGRESS_SOCKET, env)
  // The code is there when the input comes; a flaw of it waits until somebody asks.
  const loading = loadSkill(entrypoint)
  loading.catch(() => undefined)
  const invocation = await readInvocation(process.stdin)
  if (!invocation) return failure('invocation_invalid', 'standard input holds no {input, context}, or too much of it')
  Object.assign(env, invocation.environment)
  try {
    return await perform(await loading, invocation, console.error)
  } catch (thrown) {
    if (!(thrown instanceof ModuleError)) throw thrown
    console.error(thrown)
    return failure('module_broken', thrown.message)
  }
}

async function readInvocation(stream: Readable): Promise<Invocation | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > INVOCATION_BYTES_MAX) return undefined
  }
  return Invocation.safeParse(parseJson(Buffer.concat(chunks).toString('utf8'))).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

const result = await main(process.argv.slice(2), process.env)
writeFileSync(RESULT_FD, `${JSON.stringify(result)}\n`)
// Timers and sockets that the skill left behind don't keep the action alive.
process.exit(0)

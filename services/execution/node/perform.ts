import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure, Json, Outcome, PerformRequest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { z } from 'zod'
import { type Isolation, type Sandboxed, WORKSPACE } from '../isolation/port.ts'
import { openEgress } from './egress.ts'
import { createTextTail } from './text-tail.ts'

export interface PerformDeps {
  isolation: Isolation
  /** Name of this node, as outcomes show it. */
  node: string
  dataDir: string
  /** Program that runs a skill's module: the SDK's skill runner. */
  runner: string
}

const LOG_BYTES_MAX = 16_000

/** What a skill's runner writes to file descriptor 3. */
const Result = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), output: z.json() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
])

type Ending = { output: Json } | { error: Failure }

/** Performs a permitted action in a sandbox that holds what its proof names, and nothing else. */
export async function performAction(
  deps: PerformDeps,
  request: PerformRequest,
  entrypoint: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const startedMs = performance.now()
  const tail = createTextTail(LOG_BYTES_MAX)
  const ending = await sandboxed(deps, request, entrypoint, signal, tail).catch(
    (thrown): Ending => ({
      error: { code: 'sandbox_failed', message: thrown instanceof Error ? thrown.message : String(thrown) },
    }),
  )
  const common = {
    durationMs: performance.now() - startedMs,
    log: tail.text(),
    node: deps.node,
    isolation: deps.isolation.describe(),
  }
  if ('output' in ending)
    return { ...common, state: 'succeeded', output: ending.output, outputDigest: digestOf(ending.output) }
  return { ...common, state: ending.error.code === 'cancelled' ? 'cancelled' : 'failed', error: ending.error }
}

async function sandboxed(
  deps: PerformDeps,
  request: PerformRequest,
  entrypoint: string,
  signal: AbortSignal,
  tail: ReturnType<typeof createTextTail>,
): Promise<Ending> {
  const { action, limits, idempotencyKey } = request
  const { read, write, hosts } = action.resources
  const folder = join(deps.dataDir, 'workspaces', action.runId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const egress = hosts.length > 0 ? await openEgress(hosts) : undefined
  try {
    const sandbox = deps.isolation.launch({
      argv: [process.execPath, '--disable-warning=ExperimentalWarning', deps.runner, entrypoint],
      read,
      write,
      fileBytes: limits.fileBytes,
      ...(action.workspace !== 'none' && { workspace: { path: folder, mode: action.workspace } }),
      ...(egress && { egressSocket: egress.socket }),
    })
    const context = { runId: action.runId, stepId: action.stepId, idempotencyKey, workspace: WORKSPACE }
    sandbox.stdin.end(JSON.stringify({ input: action.input, context }))
    return await watch(sandbox, limits, signal, tail)
  } finally {
    await egress?.close()
  }
}

/** Waits for the end, and brings it about when a limit is reached or the action is cancelled. */
async function watch(
  sandbox: Sandboxed,
  limits: PerformRequest['limits'],
  signal: AbortSignal,
  tail: ReturnType<typeof createTextTail>,
): Promise<Ending> {
  let ended: Failure | undefined
  const end = (code: string, message: string): void => {
    ended ??= { code, message }
    sandbox.kill()
  }
  const cancel = (): void => end('cancelled', 'it was cancelled')
  const timer = setTimeout(() => end('timeout', `it took longer than ${limits.wallMs} ms`), limits.wallMs)
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()

  const result: Buffer[] = []
  let bytes = 0
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > limits.outputBytes) end('output_limit', `it wrote more than ${limits.outputBytes} bytes`)
  }
  for (const stream of [sandbox.stdout, sandbox.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      count(chunk)
      tail.add(chunk)
    })
  }
  sandbox.result.on('data', (chunk: Buffer) => {
    count(chunk)
    if (!ended) result.push(chunk)
  })
  try {
    const { code, signal: killedBy } = await sandbox.exited
    if (ended) return { error: ended }
    return parseResult(Buffer.concat(result).toString('utf8')) ?? { error: crashed(code, killedBy) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

function parseResult(text: string): Ending | undefined {
  const parsed = Result.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  return parsed.data.ok ? { output: parsed.data.output } : { error: parsed.data.error }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const crashed = (code: number | null, signal: string | null): Failure => ({
  code: 'crashed',
  message: `the skill's process ended without a result (${signal ? `signal ${signal}` : `exit code ${code}`})`,
})

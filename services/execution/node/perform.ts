import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseStrictJson, toAzoraError } from '@azora/base'
import type { Failure, Json, Outcome, PerformRequest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { z } from 'zod'
import { type Isolation, type Sandboxed, WORKSPACE } from '../isolation/port.ts'
import { openEgress } from './egress.ts'
import type { HeldResources } from './resources.ts'
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
/** As long as a {@link Failure} may be; a skill writes what it likes. */
const CODE_CHARS_MAX = 60
const MESSAGE_CHARS_MAX = 4_000

/** What a skill's runner writes to file descriptor 3. */
const Result = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), output: z.json() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
])

type Ending = { output: Json; outputDigest: string } | { error: Failure }

/** Performs a permitted action in a sandbox that holds what its proof names, and nothing else. */
export async function performAction(
  deps: PerformDeps,
  request: PerformRequest,
  entrypoint: string,
  held: Pick<HeldResources, 'read' | 'write'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const startedMs = performance.now()
  const tail = createTextTail(LOG_BYTES_MAX)
  const ending = await sandboxed(deps, request, entrypoint, held, signal, tail).catch(
    (thrown): Ending => failure('sandbox_failed', thrown instanceof Error ? thrown.message : String(thrown)),
  )
  const common = {
    durationMs: performance.now() - startedMs,
    log: tail.text(),
    node: deps.node,
    isolation: deps.isolation.describe(),
  }
  if ('output' in ending)
    return { ...common, state: 'succeeded', output: ending.output, outputDigest: ending.outputDigest }
  return { ...common, state: ending === CANCELLED ? 'cancelled' : 'failed', error: ending.error }
}

async function sandboxed(
  deps: PerformDeps,
  request: PerformRequest,
  entrypoint: string,
  { read, write }: Pick<HeldResources, 'read' | 'write'>,
  signal: AbortSignal,
  tail: ReturnType<typeof createTextTail>,
): Promise<Ending> {
  const { action, limits, idempotencyKey } = request
  const { hosts } = action.resources
  const folder = join(deps.dataDir, 'workspaces', action.runId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const egress = hosts.length > 0 ? await openEgress(hosts, deps.dataDir) : undefined
  try {
    if (signal.aborted) return CANCELLED
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
  let ended: { error: Failure } | undefined
  const end = (why: { error: Failure }): void => {
    ended ??= why
    sandbox.kill()
  }
  const cancel = (): void => end(CANCELLED)
  const timer = setTimeout(() => end(failure('timeout', `it took longer than ${limits.wallMs} ms`)), limits.wallMs)
  signal.addEventListener('abort', cancel, { once: true })

  const result: Buffer[] = []
  let bytes = 0
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > limits.outputBytes) end(failure('output_limit', `it wrote more than ${limits.outputBytes} bytes`))
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
    return ended ?? parseResult(Buffer.concat(result), (flaw) => crashed(code, killedBy, flaw))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

/** The result as it goes on record: in JSON that reads in one way only. */
function parseResult(bytes: Buffer, unusable: (flaw?: string) => Ending): Ending {
  if (bytes.length === 0) return unusable()
  try {
    const result = Result.safeParse(parseStrictJson(bytes)).data
    if (!result) return unusable()
    if (!result.ok) return failure(result.error.code, result.error.message)
    return { output: result.output, outputDigest: digestOf(result.output) }
  } catch (thrown) {
    return unusable(toAzoraError(thrown).message)
  }
}

const failure = (code: string, message: string): { error: Failure } => ({
  error: { code: code.slice(0, CODE_CHARS_MAX), message: message.slice(0, MESSAGE_CHARS_MAX) },
})

const CANCELLED = failure('cancelled', 'it was cancelled')

const crashed = (code: number | null, signal: string | null, flaw?: string): { error: Failure } => {
  const how = signal ? `signal ${signal}` : `exit code ${code}`
  const why = flaw === undefined ? how : `${how}; ${flaw}`
  return failure('crashed', `the skill's process ended without a usable result (${why})`)
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EgressRecord, limitsOf, type Outcome, type PerformRequest } from '@azora/contracts'
import { type Isolation, WORKSPACE } from '../isolation/port.ts'
import { attend } from './attend.ts'
import { openEgress } from './egress/egress.ts'
import type { HeldResources } from './resources.ts'
import { CANCELLED, type Conclusion, failure } from './result.ts'
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
  const network: EgressRecord[] = []
  const conclusion = await sandboxed(deps, request, entrypoint, held, signal, tail, network).catch(
    (thrown): Conclusion => failure('sandbox_failed', thrown instanceof Error ? thrown.message : String(thrown)),
  )
  const { ending, usage } = conclusion
  const common = {
    durationMs: performance.now() - startedMs,
    log: tail.text(),
    node: deps.node,
    isolation: deps.isolation.describe(),
    ...(ending && { ending }),
    ...(usage && { usage }),
    ...(network.length > 0 && { egress: network }),
  }
  if ('output' in conclusion) {
    const { output, outputDigest } = conclusion
    return { ...common, state: 'succeeded', output, outputDigest }
  }
  const { error } = conclusion
  return { ...common, state: error === CANCELLED.error ? 'cancelled' : 'failed', error }
}

async function sandboxed(
  deps: PerformDeps,
  { action, idempotencyKey }: PerformRequest,
  entrypoint: string,
  { read, write }: Pick<HeldResources, 'read' | 'write'>,
  signal: AbortSignal,
  tail: ReturnType<typeof createTextTail>,
  network: EgressRecord[],
): Promise<Conclusion> {
  // From the action, of which the proof speaks: nobody else is asked.
  const { wallMs, outputBytes, ...limits } = limitsOf(action.limits)
  const { hosts } = action.resources
  const folder = join(deps.dataDir, 'workspaces', action.runId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const egress = hosts.length > 0 ? await openEgress({ hosts, dataDir: deps.dataDir }) : undefined
  try {
    if (signal.aborted) return CANCELLED
    const sandbox = deps.isolation.launch({
      argv: [process.execPath, '--disable-warning=ExperimentalWarning', deps.runner, entrypoint],
      read,
      write,
      limits,
      ...(action.workspace !== 'none' && { workspace: { path: folder, mode: action.workspace } }),
      ...(egress && { egressSocket: egress.socket }),
    })
    const context = { runId: action.runId, stepId: action.stepId, idempotencyKey, workspace: WORKSPACE }
    sandbox.stdin.end(JSON.stringify({ input: action.input, context }))
    return await attend(sandbox, { wallMs, outputBytes }, signal, (chunk) => tail.add(chunk))
  } finally {
    network.push(...((await egress?.close()) ?? []))
  }
}

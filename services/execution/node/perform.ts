import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toAzoraError } from '@azora/base'
import {
  type Artifact,
  type EgressRecord,
  type FileChanges,
  limitsOf,
  type Outcome,
  type PerformRequest,
} from '@azora/contracts'
import type { FoundCode } from '../code/find.ts'
import type { Drivers } from '../driver/drivers.ts'
import type { Job } from '../driver/port.ts'
import { type Isolation, WORKSPACE } from '../isolation/port.ts'
import { lookAt, type Watched } from './changes.ts'
import { withinCost } from './cost.ts'
import { openEgress } from './egress/egress.ts'
import type { HeldInputs } from './inputs.ts'
import type { KeepArtifact } from './keep.ts'
import { keepFiles } from './keep-files.ts'
import { createOutput, type Output, type OutputStream } from './output.ts'
import type { HeldResources } from './resources.ts'
import { CANCELLED, type Conclusion, failure } from './result.ts'
import { redactStreams, whileLeased, withoutSecrets } from './secrets/attend.ts'
import { environmentOf, secretsForSkill } from './secrets/context.ts'
import type { HeldSecrets } from './secrets/held.ts'
import { createTextTail, type TextTail } from './text-tail.ts'

export interface PerformDeps {
  isolation: Isolation
  /** Name of this node, as outcomes show it. */
  node: string
  dataDir: string
  drivers: Drivers
  /** Folder for what is being printed. */
  spool: string
  keep: KeepArtifact
}

/** What an action has in its hands. */
type Held = Pick<HeldResources, 'read' | 'write'> & { inputs: HeldInputs['files']; secrets?: HeldSecrets | undefined }

const LOG_BYTES_MAX = 16_000

/** What is known of a performance beside how it ended, gathered while it lasts. */
interface Traces {
  print(stream: OutputStream, chunk: Buffer): void
  network: EgressRecord[]
  files?: FileChanges
}

/**
 * Performs a permitted action in a sandbox that holds what its proof names, and nothing else.
 *
 * @param show called now and then with what it prints
 */
export async function performAction(
  deps: PerformDeps,
  request: PerformRequest,
  code: FoundCode,
  held: Held,
  signal: AbortSignal,
  show: (stream: OutputStream, text: string) => void,
): Promise<Outcome> {
  const startedMs = performance.now()
  const tail = createTextTail(LOG_BYTES_MAX)
  const printed = createOutput(deps.spool, show)
  const print = (stream: OutputStream, chunk: Buffer): void => {
    tail.add(chunk)
    printed.add(stream, chunk)
  }
  const { secrets } = held
  const redacted = secrets && redactStreams(secrets.redactor, print)
  const traces: Traces = { network: [], print: redacted?.print ?? print }
  const concluded = await sandboxed(deps, request, code, held, signal, traces).catch(
    (thrown): Conclusion => failure('sandbox_failed', thrown instanceof Error ? thrown.message : String(thrown)),
  )
  redacted?.end()
  const shown = secrets ? withoutSecrets(concluded, secrets.redactor) : concluded
  const { conclusion, kept } = await withFiles(deps, request.action, withinCost(request.action.cost, shown))
  const durationMs = performance.now() - startedMs
  const artifacts = [...(await keepAll(deps.keep, request.action.runId, printed, tail)), ...kept]
  const { ending, usage, cost } = conclusion
  const { network, files } = traces
  const common = {
    durationMs,
    log: secrets ? secrets.redactor.text(tail.text()) : tail.text(),
    node: deps.node,
    isolation: isolationOf(deps, request.action),
    ...(ending && { ending }),
    ...(usage && { usage }),
    ...(cost && { cost }),
    ...(network.length > 0 && { egress: network }),
    ...(artifacts.length > 0 && { artifacts }),
    ...(files && files.total !== 0 && { files }),
    ...(secrets && { secrets: secrets.release() }),
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
  { path: entrypoint, folder: codeFolder }: FoundCode,
  { read, write, inputs, secrets }: Held,
  signal: AbortSignal,
  traces: Traces,
): Promise<Conclusion> {
  const { hosts } = action.resources
  const folder = workspaceOf(deps, action)
  if (action.workspace !== 'none') await mkdir(folder, { recursive: true, mode: 0o700 })
  const egress = hosts.length > 0 ? await openEgress({ hosts, dataDir: deps.dataDir, secrets }) : undefined
  try {
    const before = await lookAt(watchedBy(action, folder))
    if (signal.aborted) return CANCELLED
    const shown = {
      read: [...read, ...Object.values(inputs), ...(egress?.trust?.read ?? [])],
      write,
      ...(egress?.trust && { env: egress.trust.env }),
      ...(action.workspace !== 'none' && { workspace: { path: folder, mode: action.workspace } }),
      ...(egress && { egressSocket: egress.socket }),
    }
    const context = {
      runId: action.runId,
      stepId: action.stepId,
      idempotencyKey,
      workspace: deps.isolation.workspacePath(folder),
      ...(Object.keys(inputs).length > 0 && { artifacts: inputs }),
      ...(secrets && { secrets: secretsForSkill(secrets) }),
    }
    const invocation = { input: action.input, context, ...(secrets && { environment: environmentOf(secrets) }) }
    // Driver and limits are the action's, of which the proof speaks: nobody else is asked.
    const { tenant, codeDigest: code } = action
    const job: Job = {
      entrypoint,
      code,
      ...(codeFolder !== undefined && { codeFolder }),
      tenant,
      invocation,
      limits: limitsOf(action.limits),
      shown,
    }
    const driver = deps.drivers[action.driver ?? 'process']
    const conclusion = await whileLeased(secrets, signal, (live) => driver.perform(job, live, traces.print))
    traces.files = await before.changes()
    return conclusion
  } finally {
    traces.network.push(...((await egress?.close()) ?? []))
  }
}

/** What kept the code, as the outcome shows it. */
const isolationOf = ({ isolation }: PerformDeps, { driver }: PerformRequest['action']): string =>
  driver === 'pure' ? `${isolation.describe()}, QuickJS` : isolation.describe()

/** Where it may write: its workspace and what it was granted. */
function watchedBy({ workspace, resources }: PerformRequest['action'], folder: string): Watched[] {
  const own = workspace === 'write' ? [{ folder, shownAs: WORKSPACE }] : []
  return [...own, ...resources.write.map((path) => ({ folder: path, shownAs: path }))]
}

const workspaceOf = ({ dataDir }: PerformDeps, { runId }: PerformRequest['action']): string =>
  join(dataDir, 'workspaces', runId)

/** Keeps the files that the skill named. Its output speaks of them: without them it has failed. */
async function withFiles(
  deps: PerformDeps,
  action: PerformRequest['action'],
  conclusion: Conclusion,
): Promise<{ conclusion: Conclusion; kept: Artifact[] }> {
  if (!('output' in conclusion) || !conclusion.kept || action.workspace === 'none') return { conclusion, kept: [] }
  const found = await keepFiles(deps.keep, action.runId, workspaceOf(deps, action), conclusion.kept)
  if ('artifacts' in found) return { conclusion, kept: found.artifacts }
  const { output: _, outputDigest: __, kept: ___, ...rest } = conclusion
  return { conclusion: { ...rest, error: found.flaw }, kept: [] }
}

/** Keeps what was printed. What can't be kept is missed, not the outcome. */
async function keepAll(keep: KeepArtifact, runId: string, printed: Output, tail: TextTail): Promise<Artifact[]> {
  const artifacts: Artifact[] = []
  try {
    for (const one of await printed.finish()) {
      await keep(runId, one)
      artifacts.push(one.artifact)
    }
  } catch (thrown) {
    tail.add(Buffer.from(`\nazora: what it printed could not be kept: ${toAzoraError(thrown).message}`))
  } finally {
    await printed.discard()
  }
  return artifacts
}

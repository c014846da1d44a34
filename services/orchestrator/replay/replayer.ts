import { AzoraError, type Log, toAzoraError } from '@azora/base'
import { type Entry, isErased, type ReplayReport, ReplayRequest, type RunSpec, type RunState } from '@azora/contracts'
import type { TenantRuns } from '@azora/journal'
import type { RecordedRegistry, Registry } from '@azora/skills'
import { readEntries } from '../commands/control.ts'
import type { Caller } from '../commands/schedule.ts'
import { isKind } from '../fold/about-step.ts'
import type { Mind } from './checks/scene.ts'
import { createFindings, type Findings } from './findings.ts'
import { mindOf, mindOfModule, registeredAgent } from './minds.ts'
import { replayWithAgent } from './other-agent.ts'
import { replayUnderLaw } from './other-law.ts'
import type { Laws, OwnHost, ReplayAgents } from './ports.ts'
import { type RecordDeps, replayRecord } from './record.ts'

/** A replay reads, judges and asks agents; nothing here could append or perform. */
export interface ReplayDeps {
  journal: TenantRuns
  registry: Pick<Registry, 'recorded'>
  laws: Laws
  agents: ReplayAgents
  log: Log
}

/** One replay, or several that share processes and what was read of the registry. */
export interface Replay {
  run(caller: Caller, runId: string, request?: ReplayRequest): Promise<ReplayReport>
  /** Ends the agents' processes. */
  close(): Promise<void>
}

type Request = ReturnType<typeof ReplayRequest.parse>

interface Task {
  entries: Entry[]
  /** Undefined when it was erased. */
  spec: RunSpec | undefined
  request: Request
  registry: RecordedRegistry
  findings: Findings
}

type Against = Pick<ReplayReport, 'against' | 'constitution' | 'agent'>

/** @param signal cancels; its reason, an AzoraError, is what a replay then rejects with */
export function createReplay(deps: ReplayDeps, signal: AbortSignal): Replay {
  const { journal, laws, agents, registry } = deps
  let host: Promise<OwnHost> | undefined
  let draft: Promise<OwnHost> | undefined
  const ownHost = (): Promise<OwnHost> => {
    host ??= agents.open()
    return host
  }

  async function againstRecord(task: Task): Promise<Against & { ended: boolean }> {
    const { entries, findings, request, registry: catalogue } = task
    const mindOfVersion = await recordedMinds(task)
    const deps = { registry: catalogue, laws, mindOf: mindOfVersion, all: request.all, signal }
    const ended = await replayRecord(deps, entries, findings)
    return { against: 'record', ended }
  }

  async function recordedMinds({ spec, entries, request, registry: catalogue }: Task): Promise<RecordDeps['mindOf']> {
    if (!spec || spec.plan) return () => 'the run performs a plan without an agent'
    if (request.withoutAgent) return () => 'the agent was not asked, as you wished'
    const { agentId, tenant } = spec
    const minds = new Map<string, Mind>()
    for (const agentVersion of versionsIn(spec, entries)) {
      const manifest = await registeredAgent(agents, catalogue, { agentId, agentVersion })
      minds.set(agentVersion, mindOf(await ownHost(), manifest, tenant))
    }
    return (version) => minds.get(version) ?? 'the version of the agent is not on record'
  }

  async function againstLaw(
    { entries, findings, registry: catalogue }: Task,
    law: NonNullable<Request['constitution']>,
  ): Promise<Against & { ended: boolean }> {
    const { digest, gate } = 'files' in law ? await laws.draft(law.files) : await keptLaw(laws, law.digest)
    await replayUnderLaw({ gate, laws, registry: catalogue, signal }, entries, findings)
    return { against: 'constitution', constitution: digest, ended: true }
  }

  async function againstAgent(
    { entries, findings, request, spec, registry: catalogue }: Task,
    agent: NonNullable<Request['agent']>,
  ): Promise<Against & { ended: boolean }> {
    if (!spec) throw unreadable('how the run began was erased, so no agent can be asked about it')
    if (spec.plan) throw unreadable('the run performs a plan without an agent, so no other one can be asked')
    const rest = { registry: catalogue, all: request.all, signal }
    if ('module' in agent) {
      draft = agents.open(agent.module)
      const mind = mindOfModule(await draft, agent.module, spec.tenant)
      return {
        against: 'agent',
        agent: agent.module.entrypoint,
        ended: await replayWithAgent({ ...rest, mind }, entries, findings),
      }
    }
    const { agentId, version: agentVersion } = agent
    const mind = mindOf(
      await ownHost(),
      await registeredAgent(agents, catalogue, { agentId, agentVersion }),
      spec.tenant,
    )
    const ended = await replayWithAgent({ ...rest, mind }, entries, findings)
    return { against: 'agent', agent: `${agentId}@${agentVersion}`, ended }
  }

  return {
    async run(caller, runId, given = {}) {
      const startedMs = performance.now()
      const request = ReplayRequest.parse(given)
      const entries = await readEntries(journal, caller, runId)
      const task: Task = {
        entries,
        spec: specIn(entries),
        request,
        registry: registry.recorded,
        findings: createFindings(),
      }
      const { ended, ...against } = await (request.constitution
        ? againstLaw(task, request.constitution)
        : request.agent
          ? againstAgent(task, request.agent)
          : againstRecord(task))
      signal.throwIfAborted()
      return {
        ...about(runId, task),
        ...against,
        stopped: !ended,
        durationMs: Math.round(performance.now() - startedMs),
      }
    },
    async close() {
      const hosts = await Promise.allSettled([host, draft])
      for (const opened of hosts) if (opened.status === 'fulfilled') await opened.value?.close()
    },
  }
}

/** Versions of its agent that a run went through. */
const versionsIn = ({ agentVersion }: RunSpec, entries: readonly Entry[]): Set<string> =>
  new Set([
    agentVersion,
    ...entries.flatMap((entry) => (!isErased(entry) && isKind(entry, 'run.migrated') ? [entry.payload.to] : [])),
  ])

function specIn([first]: readonly Entry[]): RunSpec | undefined {
  return first && !isErased(first) && 'spec' in first.payload ? first.payload.spec : undefined
}

function about(runId: string, { entries, spec, findings }: Task) {
  const { result, outcome } = findings
  return {
    runId,
    ...(spec && { agentId: spec.agentId, agentVersion: spec.agentVersion }),
    state: stateIn(entries),
    outcome,
    entries: entries.length,
    ...result,
  }
}

const stateIn = (entries: readonly Entry[]): RunState =>
  entries.findLast(({ header }) => header.transition !== undefined)?.header.transition?.to ?? 'scheduled'

async function keptLaw(laws: Laws, digest: string) {
  const gate = await laws.byDigest(digest)
  if (gate) return { digest, gate }
  throw new AzoraError('missing', 'version_not_found', `no constitution ${digest} is kept here`, {
    remedy: 'GET /api/v1/constitution/versions lists those that were in force.',
  })
}

const unreadable = (message: string): AzoraError =>
  new AzoraError('conflict', 'not_replayable', message, { remedy: 'Replay it as it was: azora replay RUN' })

/** Why a replay ended early; never an internal failure's own words. */
export const reasonOf = (thrown: unknown): string => {
  const { advice, message } = toAzoraError(thrown)
  return advice === 'bug' ? 'the replay failed; the log has the details' : message
}

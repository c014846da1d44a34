import { AzoraError } from '@azora/base'
import type { AgentManifest, AgentModule, RunSpec } from '@azora/contracts'
import type { RecordedRegistry } from '@azora/skills'
import type { AgentProcess } from '../ports.ts'
import type { Mind } from './checks/scene.ts'
import type { OwnHost, ReplayAgents } from './ports.ts'

type Catalogue = Pick<RecordedRegistry, 'agent'>

/**
 * The agent of a run, whose code has to be what was registered.
 *
 * @throws AzoraError `agent_code_gone`, `agent_code_changed`
 */
export async function registeredAgent(
  agents: Pick<ReplayAgents, 'codeDigest'>,
  catalogue: Catalogue,
  { agentId, agentVersion }: Pick<RunSpec, 'agentId' | 'agentVersion'>,
): Promise<AgentManifest> {
  const name = `${agentId}@${agentVersion}`
  const manifest = catalogue.agent(agentId, agentVersion)
  if (!manifest)
    throw new AzoraError('missing', 'agent_not_found', `agent ${name} was never registered here`, { remedy: REMEDY })
  const codeDigest = await agents.codeDigest(manifest.entrypoint, manifest.codeDigest)
  if (codeDigest === manifest.codeDigest) return manifest
  if (codeDigest === undefined)
    throw new AzoraError('conflict', 'agent_code_gone', `the code of agent ${name} is not in the catalogue any more`, {
      remedy: REMEDY,
    })
  const which = `${codeDigest.slice(0, 16)}… instead of ${manifest.codeDigest.slice(0, 16)}…`
  throw new AzoraError(
    'conflict',
    'agent_code_changed',
    `the code of agent ${name} is not the code that was registered: ${which}`,
    { remedy: REMEDY },
  )
}

const REMEDY =
  'Bring its code back under the same path, or replay with --agent ID@VERSION, --agent-module FILE or --without-agent.'

/** Lets the agent of a manifest answer. */
export function mindOf(
  host: OwnHost,
  { agentId, version, entrypoint, codeDigest }: AgentManifest,
  tenant: string,
): Mind {
  const agent: AgentProcess = { agentId, version, entrypoint, codeDigest, tenant }
  return {
    recognize: (request) => host.recognize(agent, request),
    reason: (request) => host.reason(agent, request),
  }
}

/** Lets an agent answer that no manifest describes; its host knows no other. */
export function mindOfModule(host: OwnHost, { entrypoint }: AgentModule, tenant: string): Mind {
  const agent: AgentProcess = { agentId: 'draft', version: '0.0.0', entrypoint, codeDigest: '', tenant }
  return {
    recognize: (request) => host.recognize(agent, request),
    reason: (request) => host.reason(agent, request),
  }
}

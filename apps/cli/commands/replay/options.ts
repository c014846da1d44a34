import { Digest, Name, type ReplayRequest, type ReplaysRequest, Version } from '@azora/contracts'
import { usageError } from '../../exit.ts'
import { countOf } from '../../inputs.ts'
import { pastOf } from '../../times.ts'
import { draftIn } from '../constitution/draft.ts'
import { moduleAt } from './module.ts'

export interface ReplayOptions {
  constitution?: string
  agent?: string
  agentModule?: string
  withoutAgent?: boolean
  all?: boolean
  allRecorded?: boolean
  since?: string
  limit?: string
  strict?: boolean
}

/** What is asked about one run. */
export async function requestOf(options: ReplayOptions): Promise<ReplayRequest> {
  const { constitution, agent, agentModule, withoutAgent, all, since, limit } = options
  if (since !== undefined || limit !== undefined)
    throw usageError('--since and --limit choose among recorded runs', 'Write: azora replay --all-recorded --since 7d')
  if ([constitution, agent, agentModule, withoutAgent].filter((given) => given !== undefined).length > 1)
    throw usageError(
      '--constitution, --agent, --agent-module and --without-agent are different questions',
      'Ask one at a time.',
    )
  return {
    ...(all && { all }),
    ...(withoutAgent && { withoutAgent }),
    ...(constitution !== undefined && { constitution: await lawOf(constitution) }),
    ...(agent !== undefined && { agent: agentOf(agent) }),
    ...(agentModule !== undefined && { agent: { module: await moduleAt(agentModule) } }),
  }
}

async function lawOf(given: string): Promise<NonNullable<ReplayRequest['constitution']>> {
  if (Digest.safeParse(given).success) return { digest: given }
  return { files: (await draftIn(given)).files }
}

function agentOf(given: string): { agentId: string; version: string } {
  const at = given.lastIndexOf('@')
  const agentId = Name.safeParse(given.slice(0, Math.max(0, at)))
  const version = Version.safeParse(given.slice(at + 1))
  if (at > 0 && agentId.success && version.success) return { agentId: agentId.data, version: version.data }
  throw usageError(`${given} names no version of an agent`, 'Write it like --agent repo-steward@1.1.0.')
}

/** Which recorded runs are replayed. */
export function severalOf(options: ReplayOptions, nowMs: number): ReplaysRequest {
  const { agent, since, limit, constitution, agentModule, withoutAgent, all } = options
  if (constitution !== undefined || agentModule !== undefined || withoutAgent || all)
    throw usageError(
      '--all-recorded replays each run as it was, up to its first divergence',
      'For another constitution: azora constitution backtest FOLDER. Otherwise replay one run.',
    )
  if (agent !== undefined && !Name.safeParse(agent).success)
    throw usageError(`${agent} is no agent id`, 'Write it like --agent repo-steward.')
  return {
    ...(agent !== undefined && { agentId: agent }),
    ...(since !== undefined && { since: pastOf(since, '--since', nowMs) }),
    ...(limit !== undefined && { limit: countOf(limit, '--limit', LIMIT_MAX, 1) }),
  }
}

const LIMIT_MAX = 10_000

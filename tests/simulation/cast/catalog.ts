import { silentLog } from '@azora/base'
import type { AgentManifest, JsonObject } from '@azora/contracts'
import { Plan, RetryPolicy, RUN_START, RUN_START_SKILL } from '@azora/contracts'
import type { AgentHost } from '@azora/orchestrator'
import { openRegistry, type Registry } from '@azora/skills'
import { CODE_DIGEST, skillManifest } from '../../support/skill-manifest.ts'
import { AGENT_ID, VERSIONS } from './names.ts'

/** What may be tried again is this: whoever is busy has not been paid. */
export const PAY_RETRY = RetryPolicy.parse({ attempts: 3, firstMs: 500, retryable: ['busy'] })

/**
 * What runs do: look, change something that may be changed again under its key, pay, which may not be done again, and undo
 * one of these.
 */
const SKILLS = [
  skillManifest('sim.look', ['read'], true),
  skillManifest('sim.put', ['write'], true),
  skillManifest('sim.pay', ['spend'], false, { retry: PAY_RETRY }),
  skillManifest('sim.undo', ['write'], true),
] as const

/** An agent that proposes the plans of its input one after the other, then concludes with what it observed. */
const AGENT: AgentManifest = {
  agentId: AGENT_ID,
  version: VERSIONS[0],
  title: 'scripted',
  description: 'scripted',
  skills: [...SKILLS.map(({ skillId }) => skillId), RUN_START],
  inputSchema: { type: 'object' },
  entrypoint: 'agents/scripted.ts',
  codeDigest: CODE_DIGEST,
}

/** It was all on record before the log began. */
const BEFORE_ALL = { header: { index: -1 } }

/** The real registry. What is in it is the same for every server, so one serves them all. */
export async function createCatalog(): Promise<Registry> {
  const kept = new Map<string, string>()
  const registry = await openRegistry(
    { journal: { append: async () => BEFORE_ALL as never, scan: async () => [] }, log: silentLog },
    {
      async keep({ kind, id, version }, digest) {
        kept.set(`${kind}:${id}@${version}`, digest)
        return digest
      },
      all: async () => [],
      read: async () => undefined,
    },
  )
  const agents = VERSIONS.map((version) => ({ ...AGENT, version }))
  await registry.register({ skills: [...SKILLS, RUN_START_SKILL], agents })
  return registry
}

const plansOf = (input: JsonObject): unknown[] => (Array.isArray(input.plans) ? input.plans : [])

/** What the agent answers: a pure function of what it is asked. */
export const SCRIPT: AgentHost = {
  recognize: async (_, { input }) => ({ turns: plansOf(input).length }),
  async reason(_, { input, turn, observations }) {
    const plan = plansOf(input)[turn]
    if (plan) return { type: 'plan', id: '1', plan: Plan.parse(plan) }
    const outputs = { seen: observations.length, ...(input.outputs === 'review' && { verdict: 'review' }) }
    return { type: 'done', id: '1', goal: input.outputs === 'missed' ? 'missed' : 'reached', outputs }
  },
}

import { silentLog } from '@azora/base'
import type { AgentManifest, JsonObject, SkillManifest } from '@azora/contracts'
import { Plan } from '@azora/contracts'
import type { AgentHost } from '@azora/orchestrator'
import { openRegistry, type Registry } from '@azora/skills'

const DIGEST = 'a'.repeat(64)

const skill = (skillId: string, effects: SkillManifest['effects'], idempotent: boolean): SkillManifest => ({
  skillId,
  version: '1.0.0',
  title: skillId,
  description: skillId,
  effects,
  idempotent,
  workspace: 'none',
  resources: { read: [], write: [], urls: [] },
  limits: { wallMs: 60_000, outputBytes: 1_048_576, fileBytes: 1_073_741_824 },
  policies: [],
  inputSchema: { type: 'object' },
  outputSchema: {},
  entrypoint: `skills/${skillId}.ts`,
  codeDigest: DIGEST,
})

/** What runs do: look, change something that may be changed again under its key, and pay, which may not be done again. */
const SKILLS = [
  skill('sim.look', ['read'], true),
  skill('sim.put', ['write'], true),
  skill('sim.pay', ['spend'], false),
] as const

/** An agent that proposes the plans of its input one after the other, then concludes with what it observed. */
export const AGENT: AgentManifest = {
  agentId: 'scripted',
  version: '1.0.0',
  title: 'scripted',
  description: 'scripted',
  skills: SKILLS.map(({ skillId }) => skillId),
  inputSchema: { type: 'object' },
  entrypoint: 'agents/scripted.ts',
  codeDigest: DIGEST,
}

/** The real registry. What is in it is the same for every server, so one serves them all. */
export async function createCatalog(): Promise<Registry> {
  const kept = new Map<string, string>()
  const registry = openRegistry(
    { journal: { append: async () => ({}) as never, scan: async () => [] }, log: silentLog },
    {
      async keep({ kind, id, version }, digest) {
        kept.set(`${kind}:${id}@${version}`, digest)
        return digest
      },
      all: async () => [],
      read: async () => undefined,
    },
  )
  await registry.register({ skills: [...SKILLS], agents: [AGENT] })
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
    return { type: 'done', id: '1', goal: 'reached', outputs }
  },
}

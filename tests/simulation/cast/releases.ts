import { type Action, type AgentManifest, RetryPolicy, RUN_START, type SkillManifest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { skillManifest } from '../../support/skill-manifest.ts'
import { AGENT_ID, HASTY, VERSIONS } from './names.ts'

/** What a checkout holds at one time. */
export interface Release {
  skills: SkillManifest[]
  agents: AgentManifest[]
}

/** What may be tried again is this: whoever is busy has not been paid. */
export const PAY_RETRY = RetryPolicy.parse({ attempts: 3, firstMs: 500, retryable: ['busy'] })

const codeOf = (id: string, version: string, edition = ''): string => digestOf({ id, version, edition })

/**
 * What runs do: look, change something that may be changed again under its key, pay, which may not be done again, and undo
 * one of these.
 */
const look = (version = '1.0.0'): SkillManifest => released(skillManifest('sim.look', ['read'], true, { version }))
/** From 1.1.0 on the key is of no help. */
const put = (version = '1.0.0', edition?: string): SkillManifest =>
  released(skillManifest('sim.put', ['write'], version === '1.0.0', { version }), edition)
const pay = (version = '1.0.0'): SkillManifest =>
  released(skillManifest('sim.pay', ['spend'], version !== '1.0.0', { version, retry: PAY_RETRY }))
const undo = released(skillManifest('sim.undo', ['write'], true))
/** For budgets that hold no euros. */
const buy = released(skillManifest('sim.buy', ['read'], true, { cost: { money: { currency: 'EUR', micros: 1 } } }))

function released(manifest: SkillManifest, edition?: string): SkillManifest {
  return { ...manifest, codeDigest: codeOf(manifest.skillId, manifest.version, edition) }
}

/** An agent that proposes the plans of its input one after the other, then concludes with what it observed. */
const agent = (version: string): AgentManifest => ({
  agentId: AGENT_ID,
  version,
  title: 'scripted',
  description: 'scripted',
  skills: ['sim.look', 'sim.put', 'sim.pay', 'sim.undo', 'sim.buy', RUN_START],
  inputSchema: { type: 'object' },
  entrypoint: 'agents/scripted.ts',
  codeDigest: codeOf(AGENT_ID, version),
})

export const FIRST: Release = { skills: [look(), put(), pay(), undo, buy], agents: VERSIONS.map(agent) }

/** In no order: people go back as well. Each leaves out versions of others, and the last has changed code under an old version. */
export const RELEASES: readonly [Release, ...Release[]] = [
  { skills: [look(), put(), pay(), undo], agents: [agent('1.0.0')] },
  { skills: [look(), put(), put('1.1.0'), pay(), pay('1.1.0'), undo], agents: [agent('1.0.0'), agent('1.1.0')] },
  { skills: [look('1.1.0'), put(), put('1.1.0'), pay('1.1.0'), undo], agents: [agent('1.1.0'), agent(HASTY)] },
  { skills: [look('1.1.0'), put(), put('1.2.0'), pay(), undo], agents: [agent('1.0.0'), agent(HASTY)] },
  { skills: [look(), put(), put('1.2.0'), put('1.1.0', 'changed'), pay('1.1.0'), undo], agents: [agent('1.1.0')] },
]

const all = new Map(
  RELEASES.flatMap(({ skills }) => skills).map((skill) => [`${skill.skillId}@${skill.version}`, skill]),
)

/** Whether doing it again under its key has no second effect. */
export const isRepeatable = ({ skillId, skillVersion }: Pick<Action, 'skillId' | 'skillVersion'>): boolean =>
  all.get(`${skillId}@${skillVersion}`)?.idempotent ?? false

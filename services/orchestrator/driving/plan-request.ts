import {
  type JsonObject,
  type Plan,
  type Resources,
  type RunSpec,
  type SkillManifest,
  WAIT_SIGNAL,
  WAIT_TIMER,
} from '@azora/contracts'
import type { PlanRequest } from '@azora/law'
import type { Registry } from '@azora/skills'
import { knownSkill } from '../deciding/known-skill.ts'
import { proposerOf, resourcesOf } from '../judging/action.ts'

/** What the gate is asked about a plan: its steps as far as they are known before any of them ran. */
export function planRequestOf(registry: Pick<Registry, 'agent' | 'skill'>, spec: RunSpec, plan: Plan): PlanRequest {
  const { runId, tenant, owner, scope, agentId, agentVersion } = spec
  return {
    runId,
    tenant,
    principal: proposerOf(spec),
    owner,
    scope,
    ...(!spec.plan && { declaredSkills: [...registry.agent(agentId, agentVersion).skills, ...WAITS] }),
    steps: plan.steps.map((step) => {
      const skill = knownSkill(registry, step.skill, step.version)
      // A step of an unknown skill becomes an invalid action, which says so.
      if (!skill) return { step, resources: NOTHING }
      const { effects, workspace, formats } = skill
      return { step, skill: { effects, workspace, formats }, resources: knownResources(skill, step.input) }
    }),
  }
}

/** No skills: every agent may wait. */
const WAITS = [WAIT_TIMER, WAIT_SIGNAL]

const NOTHING: Resources = { read: [], write: [], hosts: [] }

/** Input that names no valid resource becomes an invalid action too. What is bound to other steps isn't known yet. */
function knownResources(skill: SkillManifest, input: JsonObject): Resources {
  try {
    return resourcesOf(skill, input)
  } catch {
    return NOTHING
  }
}

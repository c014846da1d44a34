export {
  AbsolutePath,
  ArtifactRef,
  type Effect,
  type Json,
  type JsonObject,
  type Observation,
} from '@azora/contracts/authoring'
export {
  type Agent,
  type AgentSpec,
  type Answer,
  type Conclusion,
  defineAgent,
  type Proposal,
  type ProposedStep,
  type Turn,
} from './define-agent.ts'
export { SkillError } from './define-error.ts'
export { defineSkill, type Skill, SkillContext, SkillSecret, type SkillSpec, type SkillTools } from './define-skill.ts'

import type { z } from 'zod'
import type { Skill, SkillSpec } from '../../define-skill.ts'

/**
 * `defineSkill` within an engine: what was declared has been checked when the skill was registered, and the schemas that check it
 * would be a third of the memory that is put back after each action.
 */
export const defineSkill = <Input extends z.ZodType, Output extends z.ZodType>(
  spec: SkillSpec<Input, Output>,
): Pick<Skill<Input, Output>, 'kind' | 'input' | 'output' | 'run'> => Object.freeze({ ...spec, kind: 'skill' })

import { Effect, Formats, Resources, Scope, Step, type VerificationRequest } from '@azora/contracts'
import { z } from 'zod'
import type { PlanRequest } from '../request.ts'

/** A step with what its skill declares; without effects the skill is unknown to the registry. */
const PlannedCaseStep = z.strictObject({
  ...Step.shape,
  effects: z.array(Effect).optional(),
  workspace: z.enum(['none', 'read', 'write']).default('none'),
  formats: Formats.optional(),
  resources: Resources.prefault({}),
})

/** A plan of the base request's agent, in its scope unless the case names another. */
export const PlanChanges = z.strictObject({
  plan: z.strictObject({ steps: z.array(PlannedCaseStep).min(1).max(200) }),
  scope: Scope.optional(),
  /** `null` for a run without an agent; by default the skills of all steps. */
  declaredSkills: z.array(z.string()).nullable().optional(),
})
export type PlanChanges = z.infer<typeof PlanChanges>

export function planFor(base: VerificationRequest, { plan, scope, declaredSkills }: PlanChanges): PlanRequest {
  const { runId, tenant, principal, owner } = base.action
  const declared = declaredSkills === undefined ? plan.steps.map(({ skill }) => skill) : declaredSkills
  return {
    runId,
    tenant,
    principal,
    owner,
    scope: { ...base.scope, ...scope },
    ...(declared === null ? {} : { declaredSkills: declared }),
    steps: plan.steps.map(({ effects, workspace, formats, resources, ...step }) => ({
      step,
      ...(effects === undefined ? {} : { skill: { effects, workspace, formats } }),
      resources,
    })),
  }
}

import { Action, NoIsolation, RunFacts, Scope, VerificationRequest } from '@azora/contracts'
import { z } from 'zod'

/** What a case changes in the base request. */
export const RequestChanges = z.strictObject({
  action: Action.partial().optional(),
  scope: Scope.optional(),
  /** `null` for a run without an agent. */
  declaredSkills: z.array(z.string()).nullable().optional(),
  run: RunFacts.partial().optional(),
  isolation: NoIsolation.optional(),
})
export type RequestChanges = z.input<typeof RequestChanges>

/** The base request with changes; a change of the skill declares it too, unless the case says what is declared. */
export function changed(base: VerificationRequest, changes: RequestChanges): VerificationRequest {
  const action = { ...base.action, ...changes.action }
  const { declaredSkills = [action.skillId] } = changes
  return VerificationRequest.parse({
    action,
    scope: { ...base.scope, ...changes.scope },
    ...(declaredSkills === null ? {} : { declaredSkills }),
    run: { ...base.run, ...changes.run },
    ...(changes.isolation && { isolation: changes.isolation }),
  })
}

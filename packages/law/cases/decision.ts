import { PrincipalId, type VerificationRequest, type VerificationResult } from '@azora/contracts'
import { z } from 'zod'
import type { Constitution } from '../constitution.ts'
import type { DecisionRequest } from '../request.ts'

/** Who wants to decide about the base request's action while it waits for people. */
export const DecisionChanges = z.strictObject({
  decision: z.strictObject({
    decider: PrincipalId,
    roles: z.array(z.string()),
    /** By default the base request's principal. */
    requesters: z.array(PrincipalId).optional(),
    /** Rules of the reasons for which it waits, by their article. */
    reasons: z.record(z.string(), z.array(z.string())).default({}),
  }),
})
export type DecisionChanges = z.infer<typeof DecisionChanges>

export function decisionFor({ action }: VerificationRequest, { decision }: DecisionChanges): DecisionRequest {
  return {
    reviewId: action.runId,
    decider: { id: decision.decider, tenant: action.tenant, roles: decision.roles },
    requesters: decision.requesters ?? [action.principal],
    runOwner: action.owner,
    effects: action.effects,
    reasons: Object.entries(decision.reasons).flatMap(([article, rules]) =>
      rules.map((rule) => ({ article, rule, severity: 'HIGH' as const, message: 'It waits for people.' })),
    ),
  }
}

/** A permission as a verdict: `allow` or `deny`. */
export function judgeDecision(
  gate: Pick<Constitution, 'mayDecide'>,
  request: DecisionRequest,
): Pick<VerificationResult, 'verdict' | 'reasons'> {
  const { allowed, reasons } = gate.mayDecide(request)
  return { verdict: allowed ? 'allow' : 'deny', reasons }
}

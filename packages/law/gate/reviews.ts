import type { Reason, ReviewTerms } from '@azora/contracts'
import { messageOf } from '../facts/text.ts'
import type { Law } from '../law/law.ts'
import type { DecisionRequest } from '../request.ts'
import type { Judgement } from './judge.ts'
import { decisionQuestion, type Question } from './question.ts'
import { gateReason, reasonsFrom } from './reasons.ts'
import type { Ruling } from './score.ts'

/** The terms of a review: as many people as the strictest of the articles that speak against the action asks for. */
export function termsFor({ verdict }: Ruling, { forbids }: Judgement, { thresholds }: Law): { review?: ReviewTerms } {
  if (verdict !== 'review') return {}
  return { review: { quorum: Math.max(1, ...forbids.map(({ quorum }) => quorum)), ...thresholds.reviews } }
}

export interface Permit {
  allowed: boolean
  reasons: Reason[]
}

/** Allowed when an article permits it and none forbids it, of whatever severity. */
export function permitFor(judge: (question: Question) => Judgement, request: DecisionRequest): Permit {
  try {
    const question = decisionQuestion(request)
    const reasons = reasonsFrom([], judge(question), question)
    return { allowed: reasons.length === 0, reasons }
  } catch (thrown) {
    const remedy = 'Correct the request; if it is right, report a bug.'
    return {
      allowed: false,
      reasons: [gateReason('gate_error', 'The request could not be judged.', messageOf(thrown), remedy)],
    }
  }
}

import type { Reason, Severity, VerificationResult } from '@azora/contracts'
import type { Thresholds } from '../law/thresholds.ts'

const COST = { CRITICAL: 25, HIGH: 15, MEDIUM: 8, LOW: 3 } as const satisfies Record<Severity, number>

export type Ruling = Pick<VerificationResult, 'verdict' | 'score'>

/** 100 minus the cost of each reason, at least 0; a single CRITICAL reason denies whatever the score. */
export function ruling(
  reasons: readonly Pick<Reason, 'severity'>[],
  thresholds: Pick<Thresholds, 'allow' | 'review'>,
): Ruling {
  const score = reasons.reduce((left, { severity }) => Math.max(0, left - COST[severity]), 100)
  if (reasons.some(({ severity }) => severity === 'CRITICAL')) return { verdict: 'deny', score }
  if (score >= thresholds.allow) return { verdict: 'allow', score }
  return { verdict: score >= thresholds.review ? 'review' : 'deny', score }
}

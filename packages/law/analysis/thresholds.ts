import type { Severity } from '@azora/contracts'
import { ruling } from '../gate/score.ts'
import type { Thresholds } from '../law/thresholds.ts'
import type { LawFinding } from './finding.ts'

type Scores = Pick<Thresholds, 'allow' | 'review'>

const REVIEWABLE: readonly Severity[] = ['HIGH', 'MEDIUM', 'LOW']

/** Thresholds that take a verdict away, or let through by itself what people should see. */
export function thresholdFindings(thresholds: Scores): LawFinding[] {
  const about = (message: string): LawFinding => ({
    kind: 'thresholds',
    severity: 'error',
    file: 'thresholds.json',
    message,
  })
  if (!someReviewed(thresholds)) {
    const { allow, review } = thresholds
    return [about(`Nothing can be reviewed: no sum of reasons has a score from ${review} up to below ${allow}.`)]
  }
  return REVIEWABLE.slice(0, 2)
    .filter((severity) => ruling([{ severity }], thresholds).verdict === 'allow')
    .map((severity) => about(`An action with a ${severity} reason is allowed without people.`))
}

const MAX_REASONS = 34

/** Tries every sum of HIGH, MEDIUM and LOW reasons that leaves a score above 0. */
function someReviewed(thresholds: Scores, reasons: Array<{ severity: Severity }> = [], from = 0): boolean {
  const { verdict, score } = ruling(reasons, thresholds)
  if (verdict === 'review') return true
  if (score === 0 || reasons.length > MAX_REASONS) return false
  return REVIEWABLE.slice(from).some((severity, at) => someReviewed(thresholds, [...reasons, { severity }], from + at))
}

import { type Reason, Severity } from '@azora/contracts'
import type { Fact } from '../detectors/detector.ts'
import { presentable } from '../facts/text.ts'
import type { Policy } from '../law/article.ts'
import type { Judgement } from './judge.ts'
import type { Question } from './question.ts'

const gravity = (severity: Severity): number => Severity.options.indexOf(severity)

const graver = (a: Severity, b: Severity): Severity => (gravity(a) <= gravity(b) ? a : b)

/**
 * One reason for each rule: what detectors found, what articles forbid, and the lack of a permit. A fact and an article
 * of the same rule are one reason, as grave as the graver of them.
 */
export function reasonsFrom(facts: readonly Fact[], judgement: Judgement, question: Question): Reason[] {
  const reasons = new Map<string, Reason>()
  for (const fact of facts) {
    const known = reasons.get(fact.rule)
    reasons.set(fact.rule, known && graver(known.severity, fact.severity) === known.severity ? known : fact)
  }
  for (const { rule, article, severity, title, remedy } of judgement.forbids) {
    const fact = reasons.get(rule)
    reasons.set(rule, {
      ...fact,
      rule,
      article,
      severity: fact ? graver(severity, fact.severity) : severity,
      message: fact?.message ?? `${title}.`,
      evidence: fact?.evidence ?? question.summary,
      remedy,
    })
  }
  if (judgement.permits.length === 0) reasons.set('no_permit', noPermit(question))
  if (judgement.errors.length > 0) reasons.set('policy_error', policyError(judgement.errors))
  return [...reasons.values()].map(forPeople).sort(graverFirst)
}

/** What detectors found where no article is asked. */
export const factReasons = (facts: readonly Fact[]): Reason[] => facts.map(forPeople).sort(graverFirst)

/** A reason of the gate itself, which no file of the law can change. */
export const gateReason = (rule: string, message: string, evidence: string, remedy: string): Reason =>
  forPeople({ article: '0', rule, severity: 'CRITICAL', message, evidence, remedy })

const noPermit = ({ summary }: Question): Reason =>
  gateReason(
    'no_permit',
    'No article permits it.',
    summary,
    'Look at the other reasons, or ask for what an article permits.',
  )

function policyError(policies: readonly Policy[]): Reason {
  const rules = policies.map(({ rule }) => rule).sort()
  return gateReason('policy_error', 'An article could not be evaluated.', rules.join(', '), 'Correct the article.')
}

const forPeople = (reason: Reason): Reason => ({
  ...reason,
  message: presentable(reason.message),
  ...(reason.evidence === undefined ? {} : { evidence: presentable(reason.evidence) }),
  ...(reason.spans && { spans: reason.spans.map((span) => ({ ...span, pointer: presentable(span.pointer) })) }),
})

function graverFirst(a: Reason, b: Reason): number {
  return (
    gravity(a.severity) - gravity(b.severity) || Number(a.article) - Number(b.article) || (a.rule < b.rule ? -1 : 1)
  )
}

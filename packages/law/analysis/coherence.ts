import { Severity } from '@azora/contracts'
import type { Detectors } from '../detectors/list.ts'
import type { Conditions } from './conditions.ts'
import type { LawFinding } from './finding.ts'
import { implies, type Term } from './term.ts'
import { inWorld, type World } from './worlds.ts'

/** A policy whose conditions were analysed, and every way in which it can apply. */
export interface Analysed extends Conditions {
  terms: readonly Term[]
  reach: readonly Term[]
}

/** Policies that can't apply, can't take effect or add nothing. Says only what is proved. */
export function coherence(
  policies: readonly Conditions[],
  worlds: readonly World[],
  detectors: Detectors,
): LawFinding[] {
  const analysed = reachOf(policies, worlds)
  const reachable = analysed.filter(({ reach }) => reach.length > 0)
  return [
    ...policies.filter(({ terms }) => !terms).map(notAnalysed),
    ...analysed.filter(({ reach }) => reach.length === 0).map((policy) => unreachable(policy, detectors)),
    ...reachable.flatMap((policy) => unknownFindings(policy, detectors)),
    ...reachable.flatMap((policy, at) => [...contradicted(policy, reachable), ...shadowed(policy, at, reachable)]),
  ]
}

const reachOf = (policies: readonly Conditions[], worlds: readonly World[]): Analysed[] =>
  policies.flatMap((policy) => {
    const { terms } = policy
    if (!terms) return []
    return [{ ...policy, terms, reach: worlds.flatMap((world) => terms.flatMap((term) => inWorld(term, world))) }]
  })

/** True when the policy applies wherever the term holds. */
export const appliesTo = ({ terms, certain }: Pick<Conditions, 'terms' | 'certain'>, reached: Term): boolean =>
  certain && (terms ?? []).some((term) => implies(reached, term))

/** True when the second applies whenever the first does. */
const covers = (cover: Analysed, covered: Analysed): boolean =>
  covered.reach.every((reached) => appliesTo(cover, reached))

export const isAsGrave = (one: Severity, other: Severity): boolean =>
  Severity.options.indexOf(one) <= Severity.options.indexOf(other)

const finding = (
  { policy, file }: Conditions,
  kind: LawFinding['kind'],
  severity: LawFinding['severity'],
  message: string,
): LawFinding => ({ kind, severity, policy: policy.rule, file, message })

const notAnalysed = (policy: Conditions): LawFinding =>
  finding(
    policy,
    'not_analysed',
    'warning',
    'Its conditions have too many cases, or too large numbers, to be analysed.',
  )

function unreachable(policy: Analysed, detectors: Detectors): LawFinding {
  const unknown = policy.findings.filter((rule) => !isReported(rule, detectors))
  const why =
    policy.terms.length === 0
      ? 'its conditions contradict each other'
      : unknown.length > 0
        ? `no detector reports ${unknown.join(', ')} about a request`
        : policy.findings.length > 0
          ? `${policy.findings.join(', ')} can't be found in what its action and its other conditions are about`
          : 'no request that the gate asks about meets its conditions'
  return finding(policy, 'unreachable', 'error', `It can never apply: ${why}.`)
}

const isReported = (rule: string, { action, output, plan }: Detectors): boolean =>
  rule === 'detector_failed' || [...action, ...output, ...plan].some(({ rules }) => rules.includes(rule))

function unknownFindings(policy: Analysed, detectors: Detectors): LawFinding[] {
  const unknown = policy.findings.filter((rule) => !isReported(rule, detectors))
  if (unknown.length === 0) return []
  const message = `It looks for ${unknown.join(', ')}, which no detector reports about a request.`
  return [finding(policy, 'unknown_finding', 'warning', message)]
}

/** A permit that is always overruled. Different forbids may overrule it in different cases. */
function contradicted(policy: Analysed, others: readonly Analysed[]): LawFinding[] {
  if (policy.policy.effect !== 'permit') return []
  const critical = others.filter(({ policy: { effect, severity } }) => effect === 'forbid' && severity === 'CRITICAL')
  const used = new Set<string>()
  for (const reached of policy.reach) {
    const overruling = critical.find((other) => appliesTo(other, reached))
    if (!overruling) return []
    used.add(overruling.policy.rule)
  }
  const message = `It can never take effect: wherever it permits, ${[...used].join(' or ')} denies.`
  return [finding(policy, 'contradiction', 'error', message)]
}

function shadowed(policy: Analysed, at: number, others: readonly Analysed[]): LawFinding[] {
  const cover = others.find((other, place) => {
    if (place === at || other.policy.effect !== policy.policy.effect) return false
    if (!isAsGrave(other.policy.severity, policy.policy.severity) || !covers(other, policy)) return false
    // Of two that shadow each other, the first stays.
    const same = other.policy.severity === policy.policy.severity && covers(policy, other)
    return !same || place < at
  })
  if (!cover) return []
  const message =
    policy.policy.effect === 'permit'
      ? `It adds nothing: ${cover.policy.rule} permits whatever it permits.`
      : `It adds little: whenever it applies, ${cover.policy.rule} applies as well and is as grave.`
  return [finding(policy, 'shadowed', 'warning', message)]
}

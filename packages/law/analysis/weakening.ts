import type { Verdict } from '@azora/contracts'
import { appliesTo, isAsGrave } from './coherence.ts'
import type { Term } from './term.ts'
import type { ComparedPolicy, LawTexts } from './version.ts'

/** A way in which a changed law lets more through than before, or in which that is not excluded. */
export interface Weakening {
  kind:
    | 'forbid_removed'
    | 'forbid_milder'
    | 'forbid_narrowed'
    | 'quorum_lowered'
    | 'permit_added'
    | 'permit_widened'
    | 'threshold_lowered'
    | 'review_loosened'
    | 'layer_removed'
    | 'layer_narrowed'
    | 'case_removed'
    | 'case_opened'
  /** Number of the article; `0` for thresholds and layers. */
  article: string
  /** The policy, for a change of one. */
  rule?: string
  /** The case, for a change of one. */
  name?: string
  /** Name of the file below the constitution's folder. */
  file: string
  /** One sentence for people. */
  message: string
}

export const OPENNESS: Readonly<Record<Verdict, number>> = { deny: 0, review: 1, allow: 2 }

/** What the texts of the two laws say, whatever any case says. Whatever isn't proved harmless is reported. */
export const weakenedTexts = (before: LawTexts, after: LawTexts): Weakening[] => [
  ...weakenedForbids(before, after),
  ...widenedPermits(before, after),
  ...changedErrors(before, after),
  ...loweredThresholds(before, after),
]

function weakenedForbids(before: LawTexts, after: LawTexts): Weakening[] {
  // Each new forbid may stand in for one that is gone, not for several: two reasons weigh more than one.
  const replacements = [...after.policies.values()].filter(
    ({ policy }) => policy.effect === 'forbid' && before.policies.get(policy.rule)?.policy.effect !== 'forbid',
  )
  return [...before.policies.values()].flatMap((old): Weakening[] => {
    const { effect, rule, severity, quorum } = old.policy
    if (effect !== 'forbid') return []
    const now = after.policies.get(rule)
    const kept = now?.policy.effect === 'forbid' ? now : undefined
    const found: Weakening[] = []
    if (!isForbidden(old, kept, after, replacements)) {
      found.push(
        kept
          ? about(kept, 'forbid_narrowed', `The forbid ${rule} applies to less than before, or that can't be excluded.`)
          : about(old, 'forbid_removed', `The forbid ${rule} is gone.`),
      )
    }
    if (kept && !isAsGrave(kept.policy.severity, severity)) {
      found.push(about(kept, 'forbid_milder', `The forbid ${rule} was ${severity} and is ${kept.policy.severity}.`))
    }
    if (kept && kept.policy.quorum < quorum) {
      found.push(
        about(
          kept,
          'quorum_lowered',
          `The forbid ${rule} asked for ${quorum} people and asks for ${kept.policy.quorum}.`,
        ),
      )
    }
    return found
  })
}

/** True when whatever the old forbid applied to is still forbidden as gravely. */
function isForbidden(
  old: ComparedPolicy,
  kept: ComparedPolicy | undefined,
  after: LawTexts,
  replacements: ComparedPolicy[],
): boolean {
  if (kept && isSame(old, kept)) return true
  if (!old.certain || !old.reach) return false
  const grave = [...after.policies.values()].filter(
    ({ policy }) => policy.effect === 'forbid' && policy.severity === 'CRITICAL',
  )
  const used = new Set<ComparedPolicy>()
  const isCovered = old.reach.every((reached) => {
    if ([...(kept ? [kept] : []), ...grave].some((policy) => appliesTo(policy, reached))) return true
    const { severity, quorum } = old.policy
    const replacement = replacements.find(
      (other) =>
        isAsGrave(other.policy.severity, severity) && other.policy.quorum >= quorum && appliesTo(other, reached),
    )
    if (replacement) used.add(replacement)
    return replacement !== undefined
  })
  if (isCovered) for (const replacement of used) replacements.splice(replacements.indexOf(replacement), 1)
  return isCovered
}

function widenedPermits(before: LawTexts, after: LawTexts): Weakening[] {
  const earlier = [...before.policies.values()].filter(({ policy }) => policy.effect === 'permit')
  return [...after.policies.values()].flatMap((now): Weakening[] => {
    const { effect, rule } = now.policy
    if (effect !== 'permit') return []
    const old = earlier.find(({ policy }) => policy.rule === rule)
    if (old && isSame(old, now)) return []
    if (now.reach?.every((reached) => earlier.some((policy) => appliesTo(policy, reached)))) return []
    return [
      old
        ? about(now, 'permit_widened', `The permit ${rule} applies to more than before, or that can't be excluded.`)
        : about(now, 'permit_added', `The permit ${rule} is new.`),
    ]
  })
}

/** A policy that fails denies, so a permit that may fail can't go or change without opening something. */
const changedErrors = (before: LawTexts, after: LawTexts): Weakening[] =>
  [...before.policies.values()].flatMap((old) => {
    const { effect, rule } = old.policy
    if (effect !== 'permit' || old.certain) return []
    const now = after.policies.get(rule)
    if (now && isSame(old, now)) return []
    return [about(old, 'permit_widened', `The permit ${rule} can fail, which denies; it no longer does so as before.`)]
  })

/** The same text that reaches the same: a changed schema can change what the same words mean. */
const isSame = (old: ComparedPolicy, now: ComparedPolicy): boolean =>
  old.form === now.form && shapeOf(old.reach) === shapeOf(now.reach)

const shapeOf = (reach: readonly Term[] | undefined): string =>
  JSON.stringify(
    reach?.map((term) =>
      [...term].map(([part, constraint]) => [
        part,
        constraint.kind === 'range' ? [constraint.min, constraint.max] : [constraint.kind, ...constraint.values],
      ]),
    ) ?? null,
  )

function loweredThresholds(
  { law: { thresholds: old } }: LawTexts,
  { law: { thresholds: now } }: LawTexts,
): Weakening[] {
  const found = (kind: Weakening['kind'], message: string): Weakening => ({
    kind,
    article: '0',
    file: 'thresholds.json',
    message,
  })
  return [
    ...(['allow', 'review'] as const)
      .filter((name) => now[name] < old[name])
      .map((name) => found('threshold_lowered', `The threshold ${name} was ${old[name]} and is ${now[name]}.`)),
    ...(['useWithinMinutes', 'batchMax'] as const)
      .filter((name) => now.reviews[name] > old.reviews[name])
      .map((name) => found('review_loosened', `reviews.${name} was ${old.reviews[name]} and is ${now.reviews[name]}.`)),
  ]
}

const about = (
  { policy: { article, rule }, file }: ComparedPolicy,
  kind: Weakening['kind'],
  message: string,
): Weakening => ({
  kind,
  article,
  rule,
  file,
  message,
})

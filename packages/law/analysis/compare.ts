import { DETECTORS, type Detectors } from '../detectors/list.ts'
import type { LawFile } from '../law/files.ts'
import { weakenedLayers } from './layers.ts'
import { type ComparedCase, compareCases, weakenedCases } from './opened-cases.ts'
import { type LawVersion, readVersion } from './version.ts'
import { type Weakening, weakenedTexts } from './weakening.ts'

/** A weakening, and whether the same change owns up to it. */
export interface JudgedWeakening extends Weakening {
  /** A new or changed case shows it. */
  covered: boolean
  /** The section of its article in `CONSTITUTION.md` changed. */
  explained: boolean
}

/**
 * How a constitution became weaker, from all the files of its folder before and after. Finds it in two ways: by what the
 * texts say, and by running the cases of both versions under both laws. Throws `law_invalid` and `cases_invalid`.
 */
export function compareLaws(
  before: readonly LawFile[],
  after: readonly LawFile[],
  detectors: Detectors = DETECTORS,
): JudgedWeakening[] {
  const [old, now] = [readVersion(before, detectors), readVersion(after, detectors)]
  const cases = compareCases(old, now)
  const rewritten = (article: string): boolean => old.sections.get(article) !== now.sections.get(article)
  const texts = weakenedTexts(old, now).map((weakening) => ({
    ...weakening,
    covered: cases.some((compared) => shows(compared, weakening)),
    explained: rewritten(weakening.article),
  }))
  return [
    ...texts,
    ...weakenedLayers(before, after, detectors).map((weakening) => ({
      ...weakening,
      covered: true,
      explained: rewritten(weakening.article),
    })),
    ...weakenedCases(old, now, cases).map((weakening) => ({
      ...weakening,
      covered: weakening.kind === 'case_removed' || isExpected(weakening, cases),
      explained: rewritten(weakening.article) || causesOf(weakening, cases, texts, now).some(rewritten),
    })),
  ]
}

/** A fresh case that names the rule, or that the two laws judge differently because of the change. */
function shows({ fresh, before, after, expected }: ComparedCase, { rule, kind }: Weakening): boolean {
  if (!fresh) return false
  const named = [...(expected.before?.rules ?? []), ...(expected.after?.rules ?? [])]
  if (rule !== undefined && named.includes(rule)) return true
  if (before.verdict === after.verdict) return false
  return !isAboutForbid(kind) || before.reasons.some((reason) => reason.rule === rule)
}

const isAboutForbid = (kind: Weakening['kind']): boolean => kind.startsWith('forbid_') || kind === 'quorum_lowered'

/** True when the new version expects of the case what it now gets. */
const isExpected = ({ article, name }: Weakening, cases: readonly ComparedCase[]): boolean =>
  cases.some(
    (compared) =>
      compared.article === article &&
      compared.example.name === name &&
      compared.expected.after?.verdict === compared.after.verdict,
  )

/** Articles whose change may have opened a case: those of reasons that it lost, of new permits and of thresholds. */
function causesOf(
  { article, name }: Weakening,
  cases: readonly ComparedCase[],
  texts: readonly Weakening[],
  now: LawVersion,
): string[] {
  const own = cases.filter((compared) => compared.article === article && compared.example.name === name)
  const lost = new Set(own.flatMap(({ before }) => before.reasons.map(({ rule }) => rule)))
  return texts
    .filter(({ rule = '', kind }) => !isAboutForbid(kind) || lost.has(rule))
    .map((weakening) => now.policies.get(weakening.rule ?? '')?.policy.article ?? weakening.article)
}

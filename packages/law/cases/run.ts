import type { Verdict, VerificationResult } from '@azora/contracts'
import { sha256Hex } from '@azora/proof'
import type { Constitution } from '../constitution.ts'
import { changed } from './changes.ts'
import { decisionFor, judgeDecision } from './decision.ts'
import { planFor } from './plan.ts'
import type { Case, CaseSet } from './read.ts'

/** What became of one case. */
export interface CaseOutcome {
  file: string
  article: string
  name: string
  expected: CaseVerdict
  actual: CaseVerdict
  passed: boolean
}

export interface CaseVerdict {
  verdict: Verdict
  /** Every rule that was reported, in the order of the alphabet. */
  rules: string[]
}

type Judges = Pick<Constitution, 'verify' | 'verifyOutput' | 'verifyPlan' | 'mayDecide'>

/** A decision about a review has no score. */
export type CaseResult = Pick<VerificationResult, 'verdict' | 'reasons'>

/** What a law makes of a case. */
export function judgeCase(constitution: Judges, base: CaseSet['base'], example: Case): CaseResult {
  if ('decision' in example) return judgeDecision(constitution, decisionFor(base, example))
  if ('plan' in example) return constitution.verifyPlan(planFor(base, example))
  if (!('outputs' in example)) return constitution.verify(changed(base, example))
  const { runId, tenant, principal } = base.action
  const sources = example.sources?.map((text) => ({ digest: sha256Hex(text), text })) ?? []
  return constitution.verifyOutput({ runId, tenant, principal, outputs: example.outputs, sources })
}

/** Every case in turn. One passes when the verdict and the rules are exactly those that it names. */
export function runCases(constitution: Judges, set: CaseSet): CaseOutcome[] {
  return set.files.flatMap(({ file, article, cases }) =>
    cases.map((example) => {
      const expected = sorted(example.expect)
      const actual = verdictOf(judgeCase(constitution, set.base, example))
      const passed = expected.verdict === actual.verdict && expected.rules.join() === actual.rules.join()
      return { file, article, name: example.name, expected, actual, passed }
    }),
  )
}

const verdictOf = ({ verdict, reasons }: CaseResult): CaseVerdict =>
  sorted({ verdict, rules: reasons.map(({ rule }) => rule) })

const sorted = ({ verdict, rules }: CaseVerdict): CaseVerdict => ({ verdict, rules: [...rules].sort() })

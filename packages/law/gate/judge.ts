import { AzoraError } from '@azora/base'
import {
  type Response as CedarResponse,
  type CheckParseAnswer,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { invalid, type Policy } from '../law/article.ts'
import type { Law } from '../law/law.ts'
import type { Question } from './question.ts'

/** What the law says to a question: the policies that apply to it. */
export interface Judgement {
  forbids: Policy[]
  permits: Policy[]
  /** Policies that could not be evaluated. */
  errors: Policy[]
}

// In parentheses, so that no article can have the same id.
const EVERYTHING = '(everything)'

/**
 * Prepares the law for judging. Throws `law_invalid` if Cedar doesn't take the law; the judge throws `gate_error` if it
 * doesn't take a question.
 *
 * Cedar names only the policies that determined its decision, so a forbid hides the permits. People must see all that
 * applies: the forbids are therefore judged beside a permit of everything, and the permits by themselves. Both stay in
 * the text they were written in, as JavaScript would round large integers in Cedar's JSON form.
 */
export function createJudge({ digest, schema, policies }: Law): (question: Question) => Judgement {
  const forbidSet = `${digest}/forbids`
  const permitSet = `${digest}/permits`
  accept(preparseSchema(digest, schema))
  accept(
    preparsePolicySet(forbidSet, {
      staticPolicies: { ...textsOf(policies, 'forbid'), [EVERYTHING]: 'permit (principal, action, resource);' },
    }),
  )
  accept(preparsePolicySet(permitSet, { staticPolicies: textsOf(policies, 'permit') }))

  const byRule = new Map(policies.map((policy) => [policy.rule, policy]))
  const policyOf = (rule: string): Policy => {
    const policy = byRule.get(rule)
    if (policy) return policy
    throw new AzoraError('bug', 'gate_error', 'Cedar named a policy that is not in the law')
  }
  return (question) => {
    const forbidden = ask(digest, forbidSet, question)
    const permitted = ask(digest, permitSet, question)
    const errors = [...forbidden.diagnostics.errors, ...permitted.diagnostics.errors]
    return {
      forbids: forbidden.decision === 'deny' ? forbidden.diagnostics.reason.map(policyOf) : [],
      permits: permitted.decision === 'allow' ? permitted.diagnostics.reason.map(policyOf) : [],
      errors: errors.map(({ policyId }) => policyOf(policyId)),
    }
  }
}

function ask(schema: string, policySet: string, { summary: _, ...question }: Question): CedarResponse {
  const answer = statefulIsAuthorized({
    ...question,
    preparsedSchemaName: schema,
    preparsedPolicySetId: policySet,
    validateRequest: true,
  })
  if (answer.type === 'success') return answer.response
  throw new AzoraError('bug', 'gate_error', answer.errors.map(({ message }) => message).join('; '))
}

const textsOf = (policies: readonly Policy[], effect: Policy['effect']): Record<string, string> =>
  Object.fromEntries(policies.filter((policy) => policy.effect === effect).map(({ rule, text }) => [rule, text]))

function accept(answer: CheckParseAnswer): void {
  if (answer.type === 'failure') throw invalid(answer.errors.map(({ message }) => message).join('; '))
}

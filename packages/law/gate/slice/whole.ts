import { AzoraError } from '@azora/base'
import { canonical } from '@azora/proof'
import { type AuthorizationAnswer, type Response, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Policy } from '../../law/article.ts'
import type { Law } from '../../law/law.ts'
import type { Judgement } from '../judgement.ts'
import type { Question } from '../question.ts'
import { policySets, schemas } from './slots.ts'

/**
 * Puts each question to all policies, as it is, and Cedar checks it against the schema. Slow, and right for every
 * question. Throws `law_invalid` at once if Cedar doesn't take the law, and later `gate_error` for a question that doesn't
 * fit, or a TypeError for one that is no JSON.
 */
export function createWholeJudge({ digest, schema, policies }: Law): (question: Question) => Judgement {
  const forbids = policies.filter(({ effect }) => effect === 'forbid')
  const permits = policies.filter(({ effect }) => effect === 'permit')
  const ask = (name: string, some: readonly Policy[], { summary: _, ...question }: Question): Response =>
    responseOf(
      statefulIsAuthorized({
        ...question,
        preparsedSchemaName: schemas.nameOf(digest, () => schema),
        preparsedPolicySetId: policySets.nameOf(`${digest}/${name}`, () => some),
        validateRequest: true,
      }),
    )
  policySets.nameOf(`${digest}/forbids`, () => forbids)
  policySets.nameOf(`${digest}/permits`, () => permits)
  schemas.nameOf(digest, () => schema)
  const byRule = new Map(policies.map((policy) => [policy.rule, policy]))
  return (question) => {
    refuseUnreadable(question)
    const forbidden = named(ask('forbids', forbids, question), byRule)
    const permitted = named(ask('permits', permits, question), byRule)
    return {
      forbids: forbidden.applied,
      permits: permitted.applied,
      errors: [...forbidden.errors, ...permitted.errors],
    }
  }
}

const MEMBERS = ['principal', 'action', 'resource', 'context', 'entities'] as const
/** Cedar's reader takes 128. */
const MAX_DEPTH = 32

/**
 * Cedar must not be given what its reader of JSON stumbles over, such as half of a surrogate pair: it then throws through
 * WebAssembly, which leaves its stack as it was, and after some thousand times no question is answered any more.
 */
function refuseUnreadable(question: Question): void {
  const isComplete = MEMBERS.every((name) => typeof question[name] === 'object' && question[name] !== null)
  if (!isComplete || !isShallow(question, MAX_DEPTH)) {
    throw new AzoraError('bug', 'gate_error', 'the question has no form that Cedar can read')
  }
  canonical(question)
}

const isShallow = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth > 0 && Object.values(value).every((child) => isShallow(child, depth - 1)))

/** Throws `gate_error` when Cedar gave no answer. */
export function responseOf(answer: AuthorizationAnswer): Response {
  if (answer.type === 'success') return answer.response
  throw new AzoraError('bug', 'gate_error', answer.errors.map(({ message }) => message).join('; '))
}

/**
 * The policies that Cedar names. It names those that determined its decision: of policies with the same effect, all that
 * apply.
 */
export function named(
  { diagnostics }: Response,
  byRule: ReadonlyMap<string, Policy>,
): { applied: Policy[]; errors: Policy[] } {
  const policyOf = (rule: string): Policy => {
    const policy = byRule.get(rule)
    if (policy) return policy
    throw new AzoraError('bug', 'gate_error', 'Cedar named a policy that is not in the law')
  }
  return {
    applied: diagnostics.reason.map(policyOf),
    errors: diagnostics.errors.map(({ policyId }) => policyOf(policyId)),
  }
}

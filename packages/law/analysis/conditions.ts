import { type ActionConstraint, type Expr, type PolicyJson, policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { invalid, type Policy, readPolicies } from '../law/article.ts'
import type { LawFile } from '../law/files.ts'
import { among, TRUE } from './constraint.ts'
import { formulaOf, oneOfActions, typeOf } from './expression.ts'
import { all, constant, type Formula, one, type Term, termsOf } from './term.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A policy and when it applies. */
export interface Conditions {
  policy: Policy
  /** The file that it is in. */
  file: string
  /** It applies only when one of these holds; undefined when it has too many cases to be analysed. */
  terms: readonly Term[] | undefined
  /** True when it always applies then; false when it may fail instead, such as by an overflow. */
  certain: boolean
  /** Scope and conditions as Cedar's JSON: the same text means the same under the same schema. */
  form: string
  /** Rules that it looks for among the findings. */
  findings: readonly string[]
}

/** Throws `law_invalid`. */
export const conditionsOf = (files: readonly LawFile[], vocabulary: Vocabulary): Conditions[] =>
  files
    .filter(({ name }) => /^articles\/.*\.cedar$/.test(name))
    .flatMap((file) => readPolicies(file).map((policy) => analysed(policy, file.name, vocabulary)))

function analysed(policy: Policy, file: string, vocabulary: Vocabulary): Conditions {
  const answer = policyToJson(policy.text)
  if (answer.type === 'failure') throw invalid(answer.errors.map(({ message }) => message).join('; '))
  const { principal, action, resource, conditions } = answer.json
  const form = JSON.stringify({ principal, action, resource, conditions })
  return {
    policy,
    file,
    terms: holdsRoundedNumber(answer.json) ? undefined : termsOf(wholeCondition(answer.json, vocabulary)),
    certain: !conditions.some(({ body }) => canFail(body)),
    form,
    findings: findingsIn(conditions.map(({ body }) => body)),
  }
}

/** Arithmetic overflows, and functions and tags may have no value; all else is proved not to fail when the law is read. */
function canFail(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, child]) => {
    const isCall = Array.isArray(child) && !['Set', 'pattern', 'attr'].includes(key)
    return isCall || FAILING.has(key) || canFail(child)
  })
}

const FAILING = new Set(['+', '-', '*', 'neg', 'getTag'])

const wholeCondition = ({ principal, action, resource, conditions }: PolicyJson, vocabulary: Vocabulary): Formula =>
  all(
    actionFormula(action, vocabulary),
    entityFormula('principal', principal),
    entityFormula('resource', resource),
    ...conditions.map(({ kind, body }) => formulaOf(body, kind === 'when', vocabulary)),
  )

function actionFormula(constraint: ActionConstraint, vocabulary: Vocabulary): Formula {
  if (constraint.op === 'All') return constant(true)
  const entities = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : []
  const names = entities.map((entity) => ('__entity' in entity ? entity.__entity.id : entity.id))
  const reached = constraint.op === 'in' ? names.flatMap((name) => [...vocabulary.within(name)]) : names
  return oneOfActions(
    [...new Set(reached)].filter((name) => vocabulary.actions.has(name)),
    true,
  )
}

/** A scope is a condition in another form. */
function entityFormula(name: string, constraint: PolicyJson['principal'] | PolicyJson['resource']): Formula {
  if (constraint.op === 'All') return constant(true)
  if (constraint.op === 'is') {
    const own = one(typeOf(name), among(constraint.entity_type))
    return constraint.in ? all(own, entityFormula(name, { op: 'in', ...constraint.in })) : own
  }
  // Templates are not part of the law, so there is no slot to be filled in.
  if (!('entity' in constraint)) return constant(false)
  const { type, id } = '__entity' in constraint.entity ? constraint.entity.__entity : constraint.entity
  const text = `${type}::${JSON.stringify(id)}`
  if (constraint.op === 'in') return one(`${name} in ${text}`, TRUE)
  return all(one(name, among(text)), one(typeOf(name), among(type)))
}

/** JavaScript rounds integers beyond ±(2^53−1), so what was read isn't what was written. */
function holdsRoundedNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isSafeInteger(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsRoundedNumber)
}

const FINDINGS = JSON.stringify({ '.': { left: { Var: 'context' }, attr: 'findings' } })

/** Every text that is looked for in `context.findings`. */
function findingsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(findingsIn)
  for (const operator of ['contains', 'containsAny', 'containsAll'] as const) {
    const operand: unknown = Reflect.get(value, operator)
    if (typeof operand !== 'object' || operand === null || !('left' in operand && 'right' in operand)) continue
    if (JSON.stringify(operand.left) === FINDINGS) inner.push(...literalTexts(operand.right as Expr))
  }
  return [...new Set(inner)]
}

function literalTexts(expression: Expr): string[] {
  if ('Set' in expression) return (expression.Set as Expr[]).flatMap(literalTexts)
  return 'Value' in expression && typeof expression.Value === 'string' ? [expression.Value] : []
}

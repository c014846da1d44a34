import type { TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import type { Question } from '../question.ts'
import { type Binary, type Node, WILDCARD, type Wildcard } from './ast.ts'
import { type Operand, operandOf } from './operand.ts'
import { narrowed, type Setting } from './setting.ts'

export type Test = (question: Question) => boolean

/**
 * What an expression comes to in a setting: always the same, or by the question. Undefined for all that Cedar could fail
 * to evaluate, or that isn't known here to come to the same in Cedar.
 */
export function conditionOf(node: Node, setting: Setting): boolean | Test | undefined {
  switch (node.op) {
    case 'value':
      return typeof node.value === 'boolean' ? node.value : undefined
    case 'not':
      return negated(conditionOf(node.of, setting))
    case '&&':
      return chosen(conditionOf(node.left, setting), conditionOf(node.right, narrowed(node.left, setting)), false)
    case '||':
      return chosen(conditionOf(node.left, setting), true, conditionOf(node.right, setting))
    case 'if':
      return chosen(
        conditionOf(node.test, setting),
        conditionOf(node.yes, narrowed(node.test, setting)),
        conditionOf(node.no, setting),
      )
    case 'attribute':
      return truthOf(operandOf(node, setting))
    case 'is':
      return isCondition(node, setting)
    case 'in':
      return membership(node.left, node.right, setting)
    case 'like':
      return likeness(node, setting)
    case 'var':
    case 'entity':
    case 'set':
    case 'other':
    case 'unknown':
      return undefined
    default:
      return comparison(node.op, node.left, node.right, setting)
  }
}

type Condition = boolean | Test | undefined

const negated = (condition: Condition): Condition =>
  typeof condition === 'function'
    ? (question) => !condition(question)
    : condition === undefined
      ? undefined
      : !condition

/** `if test then yes else no`; what is never reached needn't be understood. */
function chosen(test: Condition, yes: Condition, no: Condition): Condition {
  if (test === undefined) return undefined
  if (typeof test === 'boolean') return test ? yes : no
  if (yes === undefined || no === undefined) return undefined
  const whenTrue = typeof yes === 'function' ? yes : () => yes
  const whenFalse = typeof no === 'function' ? no : () => no
  return (question) => (test(question) ? whenTrue(question) : whenFalse(question))
}

const truthOf = (operand: Operand | undefined): Condition =>
  operand?.kind === 'Bool' ? (question) => operand.read(question) === true : undefined

function isCondition({ of, type, within }: Extract<Node, { op: 'is' }>, setting: Setting): Condition {
  if (of.op !== 'var' || of.name === 'context') return undefined
  const { name } = of
  const isType: Condition = name === 'action' ? type === 'Action' : (question) => question[name].type === type
  return within ? chosen(isType, membership(of, within, setting), false) : isType
}

/** `principal in Tenant::"acme"`, or in any of a set. */
function membership(left: Node, right: Node, setting: Setting): Condition {
  const groups = right.op === 'set' ? right.items : [right]
  const uids = groups.flatMap((group) => (group.op === 'entity' ? [group.uid] : []))
  if (uids.length < groups.length || left.op !== 'var') return undefined
  if (left.name === 'action') {
    return uids.some(({ type, id }) => type === 'Action' && setting.action.groups.has(id))
  }
  if (left.name === 'context') return undefined
  const { name } = left
  const place = name === 'principal' ? 0 : 1
  return (question) =>
    uids.some(
      (uid) => isSame(question[name], uid) || question.entities[place]?.parents.some((parent) => isSame(parent, uid)),
    )
}

const isSame = (a: object, b: TypeAndId): boolean => 'type' in a && 'id' in a && a.type === b.type && a.id === b.id

function comparison(op: Binary, left: Node, right: Node, setting: Setting): Condition {
  if (left.op === 'var') return op === '==' || op === '!=' ? identity(op, left.name, right, setting) : undefined
  if (left.op === 'set') return op === 'contains' ? oneOf(left.items, operandOf(right, setting), setting) : undefined
  if (right.op === 'set') return setComparison(op, operandOf(left, setting), right.items, setting)
  const a = operandOf(left, setting)
  const b = operandOf(right, setting)
  if (!a || !b) return undefined
  if (op === 'contains') return a.kind === 'Set<String>' && b.kind === 'String' ? contains(a, b) : undefined
  if (a.kind !== b.kind || (a.kind !== 'String' && a.kind !== 'Long' && a.kind !== 'Bool')) return undefined
  if (op === '==') return (question) => a.read(question) === b.read(question)
  if (op === '!=') return (question) => a.read(question) !== b.read(question)
  return a.kind === 'Long' ? order(op, a.read as (question: Question) => number, b.read as () => number) : undefined
}

function identity(op: '==' | '!=', name: string, right: Node, { actionId }: Setting): Condition {
  if (right.op !== 'entity') return undefined
  const { uid } = right
  const isIt: Condition =
    name === 'action'
      ? uid.type === 'Action' && uid.id === actionId
      : name === 'principal' || name === 'resource'
        ? (question) => question[name].id === uid.id && question[name].type === uid.type
        : undefined
  return op === '==' ? isIt : negated(isIt)
}

const contains = (set: Operand, item: Operand): Test => {
  const read = set.read as (question: Question) => readonly unknown[]
  return (question) => read(question).includes(item.read(question))
}

/** `["a", "b"].contains(context.workspace)` */
function oneOf(items: readonly Node[], item: Operand | undefined, setting: Setting): Condition {
  const options = items.map((option) => operandOf(option, setting))
  if (item?.kind !== 'String' || !options.every((option) => option?.kind === 'String')) return undefined
  return (question) => options.some((option) => option?.read(question) === item.read(question))
}

function setComparison(op: Binary, set: Operand | undefined, items: readonly Node[], setting: Setting): Condition {
  if (set?.kind !== 'Set<String>' || (op !== 'containsAny' && op !== 'containsAll')) return undefined
  const tests = items.flatMap((item) => {
    const operand = operandOf(item, setting)
    return operand?.kind === 'String' ? [contains(set, operand)] : []
  })
  if (tests.length < items.length) return undefined
  return op === 'containsAny'
    ? (question) => tests.some((test) => test(question))
    : (question) => tests.every((test) => test(question))
}

type Numeric = (question: Question) => number

function order(op: Binary, a: Numeric, b: Numeric): Test | undefined {
  if (op === '<') return (question) => a(question) < b(question)
  if (op === '<=') return (question) => a(question) <= b(question)
  if (op === '>') return (question) => a(question) > b(question)
  if (op === '>=') return (question) => a(question) >= b(question)
  return undefined
}

function likeness({ of, pattern }: Extract<Node, { op: 'like' }>, setting: Setting): Condition {
  const operand = operandOf(of, setting)
  if (operand?.kind !== 'String') return undefined
  const read = operand.read as (question: Question) => string
  return (question) => isLike([...read(question)], pattern)
}

/** Goes back to the last wildcard only, which takes at most the product of both lengths. */
function isLike(text: readonly string[], pattern: ReadonlyArray<string | Wildcard>): boolean {
  let at = 0
  let element = 0
  let retryAt = -1
  let retryElement = -1
  while (at < text.length) {
    if (pattern[element] === WILDCARD) {
      retryElement = element
      retryAt = at
      element += 1
    } else if (element < pattern.length && pattern[element] === text[at]) {
      at += 1
      element += 1
    } else if (retryElement >= 0) {
      retryAt += 1
      at = retryAt
      element = retryElement + 1
    } else {
      return false
    }
  }
  return pattern.slice(element).every((rest) => rest === WILDCARD)
}

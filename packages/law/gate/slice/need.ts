import type { Question } from '../question.ts'
import type { Node } from './ast.ts'
import { type Operand, operandOf } from './operand.ts'
import { narrowed, type Setting } from './setting.ts'

/**
 * What a question must have for a condition to be true: a text among those that `read` finds, or a number on one side of a
 * bound. Needs of the same path read the same.
 */
export type Need =
  | { kind: 'text'; path: string; text: string; read: (question: Question) => readonly string[] }
  | { kind: 'at least' | 'at most'; path: string; bound: number; read: (question: Question) => number }

/** At least one of these is met where the condition is true; none when it can be true without any. */
export function needsOf(node: Node, setting: Setting): readonly Need[] {
  switch (node.op) {
    case '&&': {
      const left = needsOf(node.left, setting)
      return left.length > 0 ? left : needsOf(node.right, narrowed(node.left, setting))
    }
    case '||': {
      const left = needsOf(node.left, setting)
      const right = needsOf(node.right, setting)
      return left.length > 0 && right.length > 0 ? [...left, ...right] : []
    }
    case 'in':
      return allOf(node.right.op === 'set' ? node.right.items : [node.right], (group) => groupNeed(node.left, group))
    case 'contains':
      return node.left.op === 'set'
        ? allOf(node.left.items, (item) => equalityNeed(node.right, item, setting))
        : allOf([node.right], (item) => memberNeed(node.left, item, setting))
    case 'containsAny':
      return allOf(node.right.op === 'set' ? node.right.items : [], (item) => memberNeed(node.left, item, setting))
    case '==':
      return allOf([node.right], (value) => equalityNeed(node.left, value, setting))
    case '<':
    case '<=':
    case '>':
    case '>=':
      return boundNeeds(node.op, node.left, node.right, setting)
    default:
      return []
  }
}

function allOf(nodes: readonly Node[], needOf: (node: Node) => Need | undefined): Need[] {
  const needs = nodes.flatMap((node) => needOf(node) ?? [])
  return needs.length === nodes.length ? needs : []
}

const textOf = (node: Node): string | undefined =>
  node.op === 'value' && typeof node.value === 'string' ? node.value : undefined

function memberNeed(set: Node, item: Node, setting: Setting): Need | undefined {
  const operand = operandOf(set, setting)
  const text = textOf(item)
  if (operand?.kind !== 'Set<String>' || operand.path === undefined || text === undefined) return undefined
  const read = operand.read as (question: Question) => readonly string[] | undefined
  return { kind: 'text', path: operand.path, text, read: (question) => read(question) ?? [] }
}

function equalityNeed(left: Node, right: Node, setting: Setting): Need | undefined {
  if (left.op === 'var' && right.op === 'entity' && (left.name === 'principal' || left.name === 'resource')) {
    const { name } = left
    return { kind: 'text', path: name, text: nameOf(right.uid), read: (question) => [nameOf(question[name])] }
  }
  const operand = operandOf(left, setting)
  const text = textOf(right)
  if (operand?.kind !== 'String' || operand.path === undefined || text === undefined) return undefined
  const read = operand.read as (question: Question) => string
  return { kind: 'text', path: operand.path, text, read: (question) => [read(question)] }
}

const groupNeed = (member: Node, group: Node): Need | undefined =>
  member.op === 'var' && member.name === 'principal' && group.op === 'entity'
    ? { kind: 'text', path: 'principal in', text: nameOf(group.uid), read: groupsOfPrincipal }
    : undefined

/** No two entities have the same, as a type holds colons only between names. */
const nameOf = ({ type, id }: { type: string; id: string }): string => `${type}::${id}`

const groupsOfPrincipal = ({ principal, entities }: Question): string[] => [
  nameOf(principal),
  ...(entities[0]?.parents ?? []).flatMap((parent) => ('type' in parent ? [nameOf(parent)] : [])),
]

type Order = '<' | '<=' | '>' | '>='
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const satisfies Record<Order, Order>

function boundNeeds(op: Order, left: Node, right: Node, setting: Setting): Need[] {
  if (left.op === 'value' && right.op !== 'value') return boundNeeds(MIRRORED[op], right, left, setting)
  const operand = operandOf(left, setting)
  return operand?.path !== undefined && right.op === 'value' && typeof right.value === 'number'
    ? [boundNeed(op, operand, operand.path, right.value)]
    : []
}

function boundNeed(op: Order, operand: Operand, path: string, value: number): Need {
  const read = operand.read as (question: Question) => number
  if (op === '<' || op === '<=') return { kind: 'at most', path, bound: value, read }
  return { kind: 'at least', path, bound: value, read }
}

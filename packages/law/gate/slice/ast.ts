import type { Expr, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'

/** A policy's expression, with one form for each kind of node. */
export type Node =
  | { op: 'value'; value: string | number | boolean }
  | { op: 'entity'; uid: TypeAndId }
  | { op: 'var'; name: 'principal' | 'action' | 'resource' | 'context' }
  | { op: 'attribute'; of: Node; name: string }
  | { op: 'not'; of: Node }
  | { op: 'is'; of: Node; type: string; within: Node | undefined }
  | { op: 'like'; of: Node; pattern: ReadonlyArray<string | Wildcard> }
  | { op: 'if'; test: Node; yes: Node; no: Node }
  | { op: 'set'; items: readonly Node[] }
  | { op: Binary; left: Node; right: Node }
  /** Anything else that has no parts but these. */
  | { op: 'other'; parts: readonly Node[] }
  /** Anything at all. */
  | { op: 'unknown' }

export const WILDCARD = Symbol('*')
export type Wildcard = typeof WILDCARD

const BINARY = ['&&', '||', '==', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'containsAll', 'containsAny'] as const
export type Binary = (typeof BINARY)[number]

/** What all must be true for the policy to apply, in the order in which Cedar evaluates it. */
export function conjunctsOf({ principal, action, resource, conditions }: PolicyJson): Node[] {
  return [
    scopeNode('principal', principal),
    scopeNode('action', action),
    scopeNode('resource', resource),
    ...conditions.map(({ kind, body }): Node => {
      const node = nodeOf(body)
      return kind === 'when' ? node : { op: 'not', of: node }
    }),
  ].flatMap(flatten)
}

const flatten = (node: Node): Node[] => (node.op === '&&' ? [...flatten(node.left), ...flatten(node.right)] : [node])

type Constraint = PolicyJson['principal' | 'action' | 'resource']

function scopeNode(name: 'principal' | 'action' | 'resource', constraint: Constraint): Node {
  const of: Node = { op: 'var', name }
  if (constraint.op === 'All') return { op: 'value', value: true }
  if (constraint.op === 'is') {
    const within = constraint.in && 'entity' in constraint.in ? entityNode(constraint.in.entity) : undefined
    return { op: 'is', of, type: constraint.entity_type, within }
  }
  if ('entities' in constraint) {
    return { op: 'in', left: of, right: { op: 'set', items: constraint.entities.map(entityNode) } }
  }
  if (!('entity' in constraint)) return { op: 'unknown' }
  return { op: constraint.op, left: of, right: entityNode(constraint.entity) }
}

function entityNode(uid: unknown): Node {
  const own = isObject(uid) && isObject(uid.__entity) ? uid.__entity : uid
  if (!isObject(own) || typeof own.type !== 'string' || typeof own.id !== 'string') return { op: 'unknown' }
  return { op: 'entity', uid: { type: own.type, id: own.id } }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** An expression is an object with one member: the operator and its operands. */
function nodeOf(expr: Expr): Node {
  const [entry, ...more] = Object.entries(expr as Record<string, unknown>)
  if (!entry || more.length > 0) return { op: 'unknown' }
  const [op, operands] = entry
  if (op === 'Value') return valueNode(operands)
  if (op === 'Var') return varNode(operands)
  if (op === 'Set' && Array.isArray(operands)) return { op: 'set', items: operands.map(nodeOf) }
  if (Array.isArray(operands)) return { op: 'other', parts: operands.map(nodeOf) }
  if (!isObject(operands)) return { op: 'unknown' }
  return operatorNode(op, operands)
}

const valueNode = (value: unknown): Node =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { op: 'value', value }
    : entityNode(value)

const varNode = (name: unknown): Node =>
  name === 'principal' || name === 'action' || name === 'resource' || name === 'context'
    ? { op: 'var', name }
    : { op: 'unknown' }

const part = (operands: Record<string, unknown>, name: string): Node =>
  isObject(operands[name]) ? nodeOf(operands[name] as unknown as Expr) : { op: 'unknown' }

function operatorNode(op: string, operands: Record<string, unknown>): Node {
  const binary = BINARY.find((known) => known === op)
  if (binary) return { op: binary, left: part(operands, 'left'), right: part(operands, 'right') }
  if (op === '!') return { op: 'not', of: part(operands, 'arg') }
  if (op === '.' && typeof operands.attr === 'string') {
    return { op: 'attribute', of: part(operands, 'left'), name: operands.attr }
  }
  if (op === 'is' && typeof operands.entity_type === 'string') {
    const within = operands.in === undefined ? undefined : part(operands, 'in')
    return { op: 'is', of: part(operands, 'left'), type: operands.entity_type, within }
  }
  if (op === 'like' && Array.isArray(operands.pattern)) {
    return { op: 'like', of: part(operands, 'left'), pattern: operands.pattern.map(patternElement) }
  }
  if (op === 'if-then-else') {
    return { op: 'if', test: part(operands, 'if'), yes: part(operands, 'then'), no: part(operands, 'else') }
  }
  if (['+', '-', '*'].includes(op)) return { op: 'other', parts: [part(operands, 'left'), part(operands, 'right')] }
  if (op === 'has') return { op: 'other', parts: [part(operands, 'left')] }
  if (['neg', 'isEmpty'].includes(op)) return { op: 'other', parts: [part(operands, 'arg')] }
  return { op: 'unknown' }
}

const patternElement = (element: unknown): string | Wildcard =>
  isObject(element) && typeof element.Literal === 'string' ? element.Literal : WILDCARD

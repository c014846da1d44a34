import type { Question } from '../question.ts'
import type { Node } from './ast.ts'
import type { Setting } from './setting.ts'
import type { Kind } from './vocabulary.ts'

/** A value of a question, or one that the law writes out. */
export interface Operand {
  readonly kind: Kind
  readonly read: (question: Question) => unknown
  /** The same for the same value of a question; absent for what the law writes out. */
  readonly path?: string
}

/** Undefined where Cedar could find no such value, or one of another type. */
export function operandOf(node: Node, setting: Setting): Operand | undefined {
  if (node.op === 'value') return literal(node.value)
  if (node.op === 'var') return node.name === 'context' ? contextOf(setting) : undefined
  if (node.op !== 'attribute') return undefined
  const { of, name } = node
  if (of.op === 'var' && (of.name === 'principal' || of.name === 'resource'))
    return entityAttribute(of.name, name, setting)
  const owner = operandOf(of, setting)
  return owner && member(owner, name)
}

function literal(value: string | number | boolean): Operand | undefined {
  const read = () => value
  if (typeof value === 'string') return { kind: 'String', read }
  if (typeof value === 'boolean') return { kind: 'Bool', read }
  // Beyond these, JavaScript may have rounded what the law says.
  return Number.isSafeInteger(value) ? { kind: 'Long', read } : undefined
}

const contextOf = ({ action }: Setting): Operand => ({
  kind: action.context,
  read: ({ context }) => context,
  path: 'context',
})

function member(owner: Operand, name: string): Operand | undefined {
  const kind = requiredKind(owner.kind, name)
  if (kind === undefined) return undefined
  const read = owner.read as (question: Question) => Record<string, unknown>
  return { kind, read: (question) => read(question)[name], path: `${owner.path}.${name}` }
}

function entityAttribute(entity: 'principal' | 'resource', name: string, setting: Setting): Operand | undefined {
  const types = [...(entity === 'principal' ? setting.principals : setting.resources)]
  const kinds = new Set(
    types.map((type) => requiredKind(setting.vocabulary.entities.get(type)?.record ?? 'other', name)),
  )
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined) return undefined
  const place = entity === 'principal' ? 0 : 1
  return { kind, read: (question) => question.entities[place]?.attrs[name], path: `${entity}.${name}` }
}

function requiredKind(owner: Kind, name: string): Kind | undefined {
  const found = typeof owner === 'string' ? undefined : owner.attributes.get(name)
  return found?.required ? found.kind : undefined
}

import type { Expr } from '@cedar-policy/cedar-wasm/nodejs'
import { among, except, FALSE, range, TRUE } from './constraint.ts'
import { all, any, constant, emptiness, type Formula, membership, one } from './term.ts'
import type { Vocabulary } from './vocabulary.ts'

type Node = Readonly<Record<string, unknown>>
interface Sides {
  left: Expr
  right: Expr
}

/**
 * What must be so for an expression to be true, or to be false. What isn't understood becomes a part of the question by
 * itself, named by its text: the same text is then either true or false throughout, and nothing else is known about it.
 */
export function formulaOf(expression: Expr, holds: boolean, vocabulary: Vocabulary): Formula {
  const [[operator, operand] = ['', undefined]] = Object.entries(expression as Node)
  const read = READERS[operator]
  return (
    read?.({ operand, holds, vocabulary, again: (inner, held = holds) => formulaOf(inner, held, vocabulary) }) ??
    one(nameOf(expression), holds ? TRUE : FALSE)
  )
}

interface Reading {
  operand: unknown
  holds: boolean
  vocabulary: Vocabulary
  /** Reads an inner expression. */
  again(inner: Expr, holds?: boolean): Formula
}

/** By operator of Cedar's JSON form. One that answers undefined doesn't understand the operand. */
const READERS: Readonly<Record<string, (reading: Reading) => Formula | undefined>> = {
  Value: ({ operand, holds }) => (typeof operand === 'boolean' ? constant(operand === holds) : undefined),
  '!': ({ operand, holds, again }) => again((operand as { arg: Expr }).arg, !holds),
  '&&': ({ operand, holds, again }) => (holds ? all : any)(...bothSides(operand, again)),
  '||': ({ operand, holds, again }) => (holds ? any : all)(...bothSides(operand, again)),
  'if-then-else': ({ operand, again }) => {
    const { if: asked, then, else: otherwise } = operand as { if: Expr; then: Expr; else: Expr }
    return any(all(again(asked, true), again(then)), all(again(asked, false), again(otherwise)))
  },
  '==': ({ operand, holds, vocabulary }) => equality(operand as Sides, holds, vocabulary),
  '!=': ({ operand, holds, vocabulary }) => equality(operand as Sides, !holds, vocabulary),
  '<': ({ operand, holds }) => order(operand as Sides, holds),
  '>=': ({ operand, holds }) => order(operand as Sides, !holds),
  '>': ({ operand, holds }) => order(swapped(operand as Sides), holds),
  '<=': ({ operand, holds }) => order(swapped(operand as Sides), !holds),
  in: ({ operand, holds, vocabulary }) => ancestry(operand as Sides, holds, vocabulary),
  is: ({ operand, holds }) => typeTest(operand as { left: Expr; entity_type: string; in?: Expr }, holds),
  contains: ({ operand, holds, vocabulary }) => {
    const { left, right } = operand as Sides
    const values = textsIn(left)
    if (!values) {
      const value = literal(right)
      return value === undefined ? undefined : one(membership(nameOf(left), value), holds ? TRUE : FALSE)
    }
    const equalities = values.map((value) => equality({ left: value, right }, holds, vocabulary))
    return equalities.every((read) => read !== undefined) ? (holds ? any : all)(...equalities) : undefined
  },
  containsAny: ({ operand, holds }) => members(operand as Sides, holds, holds ? any : all),
  containsAll: ({ operand, holds }) => members(operand as Sides, holds, holds ? all : any),
  isEmpty: ({ operand, holds }) => one(emptiness(nameOf((operand as { arg: Expr }).arg)), holds ? TRUE : FALSE),
}

const bothSides = (operand: unknown, again: Reading['again']): Formula[] => {
  const { left, right } = operand as Sides
  return [again(left), again(right)]
}

const swapped = ({ left, right }: Sides): Sides => ({ left: right, right: left })

/** Attributes by their path, such as `context.run.actions`; anything else by its text. */
function nameOf(expression: Expr): string {
  if ('Var' in expression) return String(expression.Var)
  if ('.' in expression) {
    const { left, attr } = expression['.'] as { left: Expr; attr: string }
    const inner = nameOf(left)
    if (!inner.startsWith('{') && /^[A-Za-z_]\w*$/.test(attr)) return `${inner}.${attr}`
  }
  return JSON.stringify(expression)
}

const valueIn = (expression: Expr): unknown => ('Value' in expression ? expression.Value : undefined)

const numberIn = (expression: Expr): number | undefined => {
  const value = valueIn(expression)
  return typeof value === 'number' ? value : undefined
}

/** A literal text or entity, as text. */
function literal(expression: Expr): string | undefined {
  const value = valueIn(expression)
  return typeof value === 'string' ? JSON.stringify(value) : entityIn(expression)?.text
}

function entityIn(expression: Expr): { type: string; id: string; text: string } | undefined {
  const value = valueIn(expression)
  if (typeof value !== 'object' || value === null || !('__entity' in value)) return undefined
  const { type, id } = value.__entity as { type: string; id: string }
  return { type, id, text: `${type}::${JSON.stringify(id)}` }
}

/** The elements of a literal set of literals. */
function textsIn(expression: Expr): Expr[] | undefined {
  const elements = 'Set' in expression ? (expression.Set as Expr[]) : undefined
  return elements?.every((element) => 'Value' in element) ? elements : undefined
}

function equality({ left, right }: Sides, holds: boolean, vocabulary: Vocabulary): Formula | undefined {
  if ('Value' in left && !('Value' in right)) return equality({ left: right, right: left }, holds, vocabulary)
  if ('Value' in left && 'Value' in right) return constant((JSON.stringify(left) === JSON.stringify(right)) === holds)
  const number = numberIn(right)
  const name = nameOf(left)
  if (number !== undefined) {
    const part = numeric(name)
    if (holds) return one(part, range(number, number))
    return any(one(part, range(-Infinity, number - 1)), one(part, range(number + 1, Infinity)))
  }
  const truth = valueIn(right)
  if (typeof truth === 'boolean') return formulaOf(left, truth === holds, vocabulary)
  const entity = entityIn(right)
  if (name === 'action' && entity) return oneOfActions(vocabulary.actions.has(entity.id) ? [entity.id] : [], holds)
  const text = literal(right)
  if (text === undefined) return undefined
  if (!holds) return one(name, except(text))
  return entity ? all(one(name, among(text)), one(typeOf(name), among(entity.type))) : one(name, among(text))
}

/** `left < right`, or its contrary. */
function order({ left, right }: Sides, holds: boolean): Formula {
  const [low, high] = [numberIn(left), numberIn(right)]
  if (low !== undefined && high !== undefined) return constant(low < high === holds)
  if (high !== undefined) {
    return one(numeric(nameOf(left)), holds ? range(-Infinity, high - 1) : range(high, Infinity))
  }
  if (low !== undefined) return one(numeric(nameOf(right)), holds ? range(low + 1, Infinity) : range(-Infinity, low))
  return one(`${nameOf(left)} < ${nameOf(right)}`, holds ? TRUE : FALSE)
}

function ancestry({ left, right }: Sides, holds: boolean, vocabulary: Vocabulary): Formula | undefined {
  const groups = (textsIn(right) ?? [right]).map(entityIn)
  if (!groups.every((group) => group !== undefined)) return undefined
  const name = nameOf(left)
  if (name === 'action')
    return oneOfActions([...new Set(groups.flatMap(({ id }) => [...vocabulary.within(id)]))], holds)
  return (holds ? any : all)(...groups.map(({ text }) => one(`${name} in ${text}`, holds ? TRUE : FALSE)))
}

function typeTest(
  { left, entity_type: type, in: group }: { left: Expr; entity_type: string; in?: Expr },
  holds: boolean,
) {
  const own = one(typeOf(nameOf(left)), holds ? among(type) : except(type))
  if (!group) return own
  const above = entityIn(group)
  if (!above) return undefined
  return (holds ? all : any)(own, one(`${nameOf(left)} in ${above.text}`, holds ? TRUE : FALSE))
}

function members({ left, right }: Sides, holds: boolean, together: typeof all): Formula | undefined {
  const values = textsIn(right)?.map(literal)
  if (!values?.every((value) => value !== undefined)) return undefined
  return together(...values.map((value) => one(membership(nameOf(left), value), holds ? TRUE : FALSE)))
}

export const oneOfActions = (names: readonly string[], holds: boolean): Formula =>
  one('action', holds ? among(...names) : except(...names))

/** The part of a question that is the type of an entity. */
export const typeOf = (name: string): string => `${name} is`

/** Integers have parts of their own, so that they never meet texts. */
const numeric = (name: string): string => `#${name}`

import { AzoraError } from '@azora/base'
import { z } from 'zod'

/** Members by name, each with what is in it; undefined where that is nothing that has names. */
export interface Fields extends ReadonlyMap<string, Fields | undefined> {}

const DEPTH_MAX = 8
const TEXT_MAX = 1_000
const FIELD = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/

/** What the members of an answer are called; of a list, those of its items. */
export function fieldsOf(answer: z.ZodObject): Fields | undefined {
  const { items } = answer.shape
  return (items instanceof z.ZodArray && fieldsIn(items, 0)) || fieldsIn(answer, 0)
}

function fieldsIn(schema: unknown, depth: number): Fields | undefined {
  if (depth > DEPTH_MAX) return undefined
  if (schema instanceof z.ZodArray) return fieldsIn(schema.element, depth)
  if (schema instanceof z.ZodUnion) return merged(schema.options.map((option) => fieldsIn(option, depth)))
  if (schema instanceof z.ZodObject)
    return new Map(Object.entries(schema.shape).map(([name, inner]) => [name, fieldsIn(inner, depth + 1)]))
  const inner = innerOf(schema)
  return inner === undefined ? undefined : fieldsIn(inner, depth + 1)
}

const innerOf = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodExactOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault ||
  schema instanceof z.ZodReadonly
    ? schema.unwrap()
    : undefined

function merged(all: readonly (Fields | undefined)[]): Fields | undefined {
  const known = all.filter((fields) => fields !== undefined)
  return known.length === 0 ? undefined : new Map(known.flatMap((fields) => [...fields]))
}

/**
 * What `?fields=` asks for: names with commas between, dots before what is inside, such as `id,actions.state`. Throws
 * `fields_unknown`, which lists those that there are.
 */
export function readFields(text: string, known: Fields): Fields {
  if (text.length > TEXT_MAX) throw unknown(text.slice(0, 50), known, `at most ${TEXT_MAX} characters`)
  const chosen = new Map<string, Fields | undefined>()
  for (const field of text.split(',')) {
    if (!FIELD.test(field)) throw unknown(field, known)
    choose(chosen, field.split('.'), field, known)
  }
  return chosen
}

function choose(chosen: Map<string, Fields | undefined>, path: string[], field: string, known: Fields): void {
  const [name = '', ...rest] = path
  if (!known.has(name)) throw unknown(field, known)
  if (rest.length === 0) {
    chosen.set(name, undefined)
    return
  }
  const inner = known.get(name)
  if (!inner) throw unknown(field, known, `${name} has no fields of its own`)
  // Who wants all of it gets all of it.
  const before = chosen.get(name)
  if (chosen.has(name) && !before) return
  const own = new Map(before)
  choose(own, rest, field, inner)
  chosen.set(name, own)
}

/** The chosen members of a JSON value, and of each item where it is a list. */
export function selected(value: unknown, chosen: Fields): unknown {
  if (Array.isArray(value)) return value.map((item) => selected(item, chosen))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (!chosen.has(name)) return []
      const inner = chosen.get(name)
      return [[name, inner ? selected(member, inner) : member]]
    }),
  )
}

function unknown(field: string, known: Fields, why?: string): AzoraError {
  const list = [...known.keys()].sort().join(', ')
  return new AzoraError('fix', 'fields_unknown', `there is no field "${field.slice(0, 50)}"${why ? `: ${why}` : ''}`, {
    remedy: `Choose from: ${list}`,
    details: [{ pointer: '/fields', message: `known are ${list}` }],
  })
}

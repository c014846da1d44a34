import * as contracts from '@azora/contracts'
import { z } from 'zod'

/** JSON Schema 2020-12. */
export type JsonSchema = Record<string, unknown>
type Io = 'input' | 'output'

const PREFIX = '#/components/schemas/'
const SHARED = /#\/components\/schemas\/__shared#\/\$defs\/(schema\d+)/g

export interface Schemas {
  /** What the schema looks like to whoever sends (`input`) or reads (`output`) it; contracts in it are references. */
  of(schema: z.ZodType, io: Io): JsonSchema
  /** The same, but itself never a reference. */
  inline(schema: z.ZodType, io: Io): JsonSchema
  /** Contracts that were referred to so far, by name, with all that those refer to. */
  components(): Record<string, JsonSchema>
}

/** JSON Schemas of contracts. Each export of `@azora/contracts` is a component under its own name. */
export function createSchemas(others: readonly z.ZodType[]): Schemas {
  const all = { input: generate('input', others), output: generate('output', others) }
  const changed = changedByParsing(all)
  const used = new Set<string>()
  /** A contract that parsing changes, such as one with a default, is two components. */
  const nameOf = (name: string, io: Io): string => (io === 'input' && changed.has(name) ? `${name}Input` : name)
  const linked = (schema: JsonSchema, io: Io): JsonSchema =>
    JSON.parse(JSON.stringify(schema), (key, value) => {
      if (key !== '$ref' || typeof value !== 'string') return value
      const name = value.slice(PREFIX.length)
      use(name, io)
      return `${PREFIX}${nameOf(name, io)}`
    })
  const found = new Map<string, JsonSchema>()
  function use(name: string, io: Io): void {
    const id = nameOf(name, io)
    if (used.has(id)) return
    used.add(id)
    found.set(id, linked(all[io].named.get(name) ?? {}, io))
  }
  const inline: Schemas['inline'] = (schema, io) => {
    const { names, named, unnamed } = all[io]
    return linked(named.get(names.get(schema) ?? '') ?? unnamed.get(schema) ?? {}, io)
  }
  return {
    inline,
    of(schema, io) {
      const name = all[io].names.get(schema)
      if (name === undefined) return inline(schema, io)
      use(name, io)
      return { $ref: `${PREFIX}${nameOf(name, io)}` }
    },
    components: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

interface Generated {
  names: Map<z.ZodType, string>
  named: Map<string, JsonSchema>
  unnamed: Map<z.ZodType, JsonSchema>
}

function generate(io: Io, others: readonly z.ZodType[]): Generated {
  const registry = z.registry<{ id: string }>()
  const names = new Map<z.ZodType, string>()
  // Of two names of one schema the first by the alphabet counts: a module names its exports in that order, a bundler in any.
  for (const [name, value] of Object.entries(contracts).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (!(value instanceof z.ZodType) || names.has(value)) continue
    names.set(value, name)
    registry.add(value, { id: name })
  }
  const unnamed = others.filter((schema, at) => !names.has(schema) && others.indexOf(schema) === at)
  unnamed.forEach((schema, at) => {
    registry.add(schema, { id: `:${at}` })
  })
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `${PREFIX}${id}`, unrepresentable: 'any' })
  const byId = unshared(schemas as Record<string, JsonSchema>)
  return {
    names,
    named: byId,
    unnamed: new Map(unnamed.map((schema, at) => [schema, byId.get(`:${at}`) ?? {}])),
  }
}

/** Recursive schemas without a name are those of JSON values, which have one. */
function unshared({ __shared, ...schemas }: Record<string, JsonSchema>): Map<string, JsonSchema> {
  const json = JSON.stringify(plain(schemas.Json ?? {}))
  const names = new Map<string, string>()
  const named = new Map<string, JsonSchema>()
  for (const [id, schema] of Object.entries((__shared?.$defs ?? {}) as Record<string, JsonSchema>)) {
    const asJson = JSON.stringify(schema).replaceAll(SHARED, (all, self) => (self === id ? `${PREFIX}Json` : all))
    const name = asJson === json ? 'Json' : `Shared${id}`
    names.set(id, name)
    if (name !== 'Json') named.set(name, schema)
  }
  for (const [id, schema] of Object.entries(schemas)) named.set(id, plain(schema))
  const relink = (schema: JsonSchema): JsonSchema =>
    JSON.parse(JSON.stringify(schema).replaceAll(SHARED, (_, id) => `${PREFIX}${names.get(id)}`))
  return new Map([...named].map(([name, schema]) => [name, relink(schema)]))
}

const plain = ({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema => schema

/** The contracts that read otherwise than they are sent, or refer to one that does. */
function changedByParsing({ input, output }: Record<Io, Generated>): Set<string> {
  const changed = new Set<string>()
  for (let before = -1; before !== changed.size; ) {
    before = changed.size
    for (const [name, schema] of input.named) {
      const text = JSON.stringify(schema)
      const refers = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].some(([, to]) => changed.has(to ?? ''))
      if (refers || text !== JSON.stringify(output.named.get(name))) changed.add(name)
    }
  }
  return changed
}

import fc, { type Arbitrary } from 'fast-check'

export type Schema = Readonly<Record<string, unknown>>

/** What is known to exist, by the name of the member or parameter that means it. */
export type Known = Readonly<Record<string, readonly unknown[]>>

const DEPTH_MAX = 6
const ITEMS_MAX = 4
const STRING_MAX = 300

/** Values for which no expression of a pattern can be drawn. */
const SPECIMENS = ['/srv/a', '/tmp/b/c', 'a/b.ts', 'index.mjs', 'articles/1.cedar', 'CONSTITUTION.md', 'cases/a.json']

/** Values that a JSON Schema of an OpenAPI document accepts: anywhere in it, and often at its edges. */
export function valuesOf(schema: Schema, components: Record<string, Schema>, known: Known): Arbitrary<unknown> {
  const at = (schema: Schema, name: string, depth: number): Arbitrary<unknown> => {
    const fresh = freshOf(schema, name, depth)
    const hints = known[name]
    return hints && hints.length > 0 ? fc.oneof(fresh, { arbitrary: fc.constantFrom(...hints), weight: 2 }) : fresh
  }
  function freshOf(schema: Schema, name: string, depth: number): Arbitrary<unknown> {
    const { $ref, const: only, enum: values, anyOf, oneOf, type } = schema
    if (typeof $ref === 'string') return freshOf(components[$ref.split('/').at(-1) ?? ''] ?? {}, name, depth)
    if (only !== undefined) return fc.constant(only)
    if (Array.isArray(values)) return fc.constantFrom(...values)
    const branches = (anyOf ?? oneOf) as Schema[] | undefined
    if (branches) {
      const shallow = depth > DEPTH_MAX ? branches.slice(0, 4) : branches
      return fc.oneof(...shallow.map((branch) => at(branch, name, depth + 1)))
    }
    if (type === 'object') return objects(schema, depth)
    if (type === 'array') return arrays(schema, name, depth)
    if (type === 'string') return strings(schema)
    if (type === 'integer' || type === 'number') return numbers(schema)
    if (type === 'boolean') return fc.boolean()
    if (type === 'null') return fc.constant(null)
    return fc.jsonValue({ maxDepth: 2 })
  }
  function objects(schema: Schema, depth: number): Arbitrary<unknown> {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
    const required = new Set((schema.required ?? []) as string[])
    const wanted = properties.filter(([name]) => required.has(name) || depth <= DEPTH_MAX)
    if (properties.length === 0 && schema.additionalProperties !== false)
      return depth > DEPTH_MAX
        ? fc.constant({})
        : fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }))
    return fc.record(Object.fromEntries(wanted.map(([name, inner]) => [name, at(inner, name, depth + 1)])), {
      requiredKeys: [...required],
    })
  }
  function arrays(schema: Schema, name: string, depth: number): Arbitrary<unknown> {
    const fixed = schema.prefixItems as Schema[] | undefined
    if (fixed) return fc.tuple(...fixed.map((item) => at(item, name, depth + 1)))
    const minLength = Number(schema.minItems ?? 0)
    const maxLength = Math.max(minLength, Math.min(Number(schema.maxItems ?? ITEMS_MAX), depth > 3 ? 1 : ITEMS_MAX))
    return fc.array(at((schema.items ?? {}) as Schema, name, depth + 1), { minLength, maxLength })
  }
  return at(schema, '', 0)
}

function numbers({ type, minimum, maximum }: Schema): Arbitrary<number> {
  const min = Number(minimum ?? -1_000_000)
  const max = Number(maximum ?? Number.MAX_SAFE_INTEGER)
  const some = type === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true })
  return fc.oneof(fc.constantFrom(min, max), some)
}

function strings({ format, pattern, minLength = 0, maxLength = STRING_MAX }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid({ version: [4, 7] })
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString())
  const limits = {
    minLength: Number(minLength),
    maxLength: Math.max(Number(minLength), Math.min(Number(maxLength), STRING_MAX)),
  }
  if (typeof pattern === 'string') return matching(pattern, limits.maxLength)
  const edges = [limits.minLength, limits.maxLength].map((length) =>
    fc.string({ minLength: length, maxLength: length, unit: 'grapheme-ascii' }),
  )
  return fc.oneof(
    fc.string({ ...limits, unit: 'binary' }),
    fc.string({ ...limits, maxLength: Math.max(limits.minLength, 12) }),
    ...edges,
  )
}

function matching(pattern: string, maxLength: number): Arbitrary<string> {
  const expression = new RegExp(pattern)
  const specimens = SPECIMENS.filter((specimen) => expression.test(specimen))
  try {
    return fc.stringMatching(expression, { maxLength })
  } catch {
    return specimens.length > 0 ? fc.constantFrom(...specimens) : fc.string({ maxLength: 20 })
  }
}

const ODD: readonly unknown[] = [
  null,
  true,
  '',
  -1,
  1.5,
  1e300,
  9_007_199_254_740_992,
  [],
  {},
  [null],
  'x'.repeat(20_000),
  '\u0000',
  '\ud83d\ude00',
  '../../etc/passwd',
  "'; drop table entry; --",
  '9'.repeat(40),
]

/** Values with one flaw: something left out, something added, or something odd in the place of something. */
export const flawed = (values: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc.tuple(values, fc.nat(), fc.constantFrom('replace', 'remove', 'add'), fc.constantFrom(...ODD)).map(flawedOne)

function flawedOne([value, where, how, odd]: [unknown, number, string, unknown]): unknown {
  const copy = structuredClone(value)
  const places: Array<{ parent: Record<string, unknown>; key: string }> = []
  const walk = (inner: unknown): void => {
    if (inner === null || typeof inner !== 'object') return
    for (const [key, member] of Object.entries(inner)) {
      places.push({ parent: inner as Record<string, unknown>, key })
      walk(member)
    }
  }
  walk(copy)
  const place = places[where % (places.length + 1)]
  if (!place) return odd
  if (how === 'remove') delete place.parent[place.key]
  else if (how === 'add') place.parent.unheardOf = odd
  else place.parent[place.key] = odd
  return copy
}

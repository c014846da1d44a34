import type { Json, JsonObject } from '@azora/contracts'

/**
 * A message of the loader for Node as the JSON that the HTTP API answers, both without what is empty or nothing: a message
 * doesn't tell these from what is absent.
 */
export function plain(value: unknown): Json | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => plain(item) ?? null)
  if (typeof value === 'string') return ENUMS.test(value) ? wordOf(value) : timeOr(value)
  if (value === null || typeof value !== 'object') return (value as Json) || undefined
  const object = value as JsonObject
  const names = Object.keys(object)
  if (names.length === 1 && names[0] === 'fields') return plain(structOf(object))
  if (names.length === 1 && VALUES.has(names[0] ?? '')) return plain(jsonOf(object))
  if ('seconds' in object) return timeOf(object)
  const entries = Object.entries(object).flatMap(([name, held]) => {
    const said = plain(held)
    return said === undefined ? [] : [[name, said] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** How the names of enums begin that are answered. */
const ENUMS = /^([A-Z]+(_[A-Z]+)*_STATE|VERDICT|REVIEW_CAUSE)_/
const VALUES = new Set(['nullValue', 'numberValue', 'stringValue', 'boolValue', 'structValue', 'listValue'])

const structOf = ({ fields }: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries((fields ?? {}) as JsonObject).map(([name, value]) => [name, jsonOf(value)]))

function jsonOf(value: unknown): Json {
  const { structValue, listValue, nullValue, ...scalar } = value as JsonObject
  if (structValue) return structOf(structValue as JsonObject)
  if (listValue) return (((listValue as JsonObject).values ?? []) as Json[]).map(jsonOf)
  return nullValue === undefined ? (Object.values(scalar)[0] ?? null) : null
}

const wordOf = (name: string): string => name.replace(ENUMS, '').toLowerCase()

const timeOf = ({ seconds = 0, nanos = 0 }: JsonObject): string =>
  new Date(Number(seconds) * 1_000 + Number(nanos) / 1e6).toISOString()

const timeOr = (text: string): string | undefined =>
  /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text).toISOString() : text || undefined

/** JSON as a `google.protobuf.Struct` of the loader for Node. */
export const struct = (object: JsonObject): object => ({
  fields: Object.fromEntries(Object.entries(object).map(([name, value]) => [name, valued(value)])),
})

function valued(value: Json): object {
  if (value === null) return { nullValue: 'NULL_VALUE' }
  if (Array.isArray(value)) return { listValue: { values: value.map(valued) } }
  if (typeof value === 'object') return { structValue: struct(value) }
  return { [`${typeof value === 'boolean' ? 'bool' : typeof value}Value`]: value }
}

import { randomUUID } from 'node:crypto'
import type { Json, JsonObject } from '@azora/contracts'

/** Values to try for members of some names, wherever they are. */
export type Hints = Readonly<Record<string, readonly Json[]>>

const SAMPLES_MAX = 64

/**
 * Values that a JSON Schema accepts, or nearly: each alternative, each hinted value, and otherwise the smallest thing of
 * the type. Optional members are there only when they are hinted.
 */
export function samplesOf(schema: unknown, hints: Hints, name = ''): Json[] {
  const hinted = hints[name]
  if (hinted) return [...hinted]
  if (schema === null || typeof schema !== 'object') return [null]
  const { anyOf, oneOf, const: only, enum: values, type, format, minimum } = schema as Record<string, Json>
  const branches = anyOf ?? oneOf
  if (Array.isArray(branches)) return branches.flatMap((branch) => samplesOf(branch, hints, name)).slice(0, SAMPLES_MAX)
  if (only !== undefined) return [only]
  if (Array.isArray(values)) return values
  if (type === 'object') return objectsOf(schema as JsonObject, hints)
  if (type === 'array') return [[]]
  if (type === 'string') return [format === 'uuid' ? randomUUID() : 'x']
  if (type === 'integer' || type === 'number') return [Math.max(0, Number(minimum ?? 0))]
  if (type === 'boolean') return [false]
  return [{}]
}

function objectsOf({ properties = {}, required = [] }: JsonObject, hints: Hints): JsonObject[] {
  const wanted = Object.entries(properties as JsonObject).filter(
    ([name]) => (required as string[]).includes(name) || hints[name],
  )
  let objects: JsonObject[] = [{}]
  for (const [name, schema] of wanted) {
    const values = samplesOf(schema, hints, name)
    objects = objects.flatMap((object) => values.map((value) => ({ ...object, [name]: value }))).slice(0, SAMPLES_MAX)
  }
  return objects
}

import { AzoraError } from '@azora/base'
import type { Json, JsonObject } from '@azora/contracts'
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type Message,
  ScalarType,
  toJson,
} from '@bufbuild/protobuf'

/** A JSON value takes a few messages for each of its levels, of which strict JSON has 64 at most. */
export const MESSAGES_DEEP_MAX = 300

/**
 * A message as the JSON of its operation: the JSON of protobuf, but with the contract's words in place of enum names, and
 * with numbers for 64-bit integers. Throws `invalid_request` when it has no JSON, as a number that is infinite.
 */
export function contractJson(desc: DescMessage, message: Message): JsonObject {
  return translate(desc, jsonOf(desc, message), {
    enumValue: ({ sharedPrefix = '' }, name) =>
      typeof name === 'string' ? name.slice(sharedPrefix.length).toLowerCase() : name,
    int64: Number,
  })
}

function jsonOf(desc: DescMessage, message: Message): JsonObject {
  try {
    return toJson(desc, message) as JsonObject
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new AzoraError('fix', 'invalid_request', `the message has no JSON: ${why}`, { cause: thrown })
  }
}

/** The message that says what the JSON of an operation says. */
export const messageOf = (desc: DescMessage, json: JsonObject): Message =>
  fromJson(
    desc,
    translate(desc, json, {
      enumValue: ({ sharedPrefix = '' }, word) => `${sharedPrefix}${word}`.toUpperCase(),
      int64: (value) => value,
    }),
    { ignoreUnknownFields: true, recursionLimit: MESSAGES_DEEP_MAX },
  )

interface Translation {
  enumValue(of: DescEnum, value: Json): Json
  int64(value: Json): Json
}

function translate(desc: DescMessage, json: JsonObject, to: Translation): JsonObject {
  const translated = { ...json }
  for (const field of desc.fields) {
    const value = json[field.jsonName]
    if (value === undefined || value === null) continue
    translated[field.jsonName] = Array.isArray(value)
      ? value.map((item) => translateOne(field, item, to))
      : translateOne(field, value, to)
  }
  return translated
}

function translateOne(field: DescField, value: Json, to: Translation): Json {
  if (field.enum) return to.enumValue(field.enum, value)
  if (field.scalar !== undefined) return field.scalar === ScalarType.INT64 ? to.int64(value) : value
  // What google.protobuf defines has a JSON of its own, the same on both sides.
  if (!field.message || field.message.typeName.startsWith('google.protobuf.')) return value
  return translate(field.message, value as JsonObject, to)
}

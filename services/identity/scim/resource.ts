import { SCIM_LIMITS, type ScimAttribute } from '@azora/contracts'
import { type Definition, named, type Resource } from './attributes.ts'
import { invalidValue } from './errors.ts'

const TEXT_CHARS_MAX = 1_000
const VALUES_MAX = 20

/**
 * What is kept of a resource that was sent: attributes of its schema, under the names that this writes. What isn't kept, and
 * what only Azora sets, is left out (RFC 7644, section 3.3).
 *
 * @throws AzoraError `scim_value_invalid`
 */
export function readResource({ attributes }: Definition, body: Resource): Resource {
  const read = readMembers(attributes, body)
  requireAll(attributes, read)
  return read
}

/** Throws `scim_value_invalid` when something is missing. */
export function requireAll(attributes: readonly ScimAttribute[], resource: Resource): void {
  const missing = attributes.find(({ name, required }) => required && !resource[name])
  if (missing) throw invalidValue(missing.name, 'is missing')
}

/** The value of an attribute; undefined when it is null or empty, which is as if it were left out. */
export function readValue(attribute: ScimAttribute, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (!attribute.multiValued) return readOne(attribute, value)
  const values = (Array.isArray(value) ? value : [value]).flatMap((one) => readOne(attribute, one) ?? [])
  requireFew(attribute, values)
  return values.length === 0 ? undefined : values
}

/** Throws `scim_value_invalid` when there are too many values, or two that are the primary one. */
export function requireFew({ name }: ScimAttribute, values: readonly unknown[]): void {
  const most = name === 'members' ? SCIM_LIMITS.members : VALUES_MAX
  if (values.length > most) throw invalidValue(name, `has more than ${most} values`)
  const primaries = values.filter((one) => (one as Resource).primary === true)
  if (primaries.length > 1) throw invalidValue(name, 'has two values that are the primary one')
}

function readOne(attribute: ScimAttribute, value: unknown): unknown {
  const { name, type, subAttributes } = attribute
  if (subAttributes) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalidValue(name, 'has parts, so it is an object')
    const read = readMembers(subAttributes, value as Resource)
    return Object.keys(read).length === 0 ? undefined : read
  }
  if (type === 'boolean') return readBoolean(name, value)
  if (typeof value !== 'string') throw invalidValue(name, 'is a text')
  if (value.length > TEXT_CHARS_MAX) throw invalidValue(name, `is longer than ${TEXT_CHARS_MAX} characters`)
  if (value.includes('\u0000') || !value.isWellFormed()) throw invalidValue(name, 'holds a character that no text has')
  return value
}

/** Some providers send "True" for true. */
function readBoolean(name: string, value: unknown): boolean {
  const text = String(value).toLowerCase()
  if (typeof value !== 'object' && (text === 'true' || text === 'false')) return text === 'true'
  throw invalidValue(name, 'is true or false')
}

function readMembers(attributes: readonly ScimAttribute[], body: Resource): Resource {
  const read: Resource = {}
  for (const [key, value] of Object.entries(body)) {
    const attribute = named(attributes, key)
    if (!attribute || attribute.mutability === 'readOnly') continue
    if (Object.hasOwn(read, attribute.name)) throw invalidValue(attribute.name, 'is there twice')
    const own = readValue(attribute, value)
    if (own !== undefined) read[attribute.name] = own
  }
  return read
}

import { JsonObject } from '@azora/contracts'
import { type Style, shorten } from './style.ts'
import { table } from './text.ts'

/** The properties of an object's JSON Schema, one to a line: name, type, whether it is required, description. */
export function schemaText(style: Style, schema: JsonObject): string {
  const properties = objectIn(schema.properties)
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const rows = Object.entries(properties).map(([name, value]) => {
    const property = objectIn(value)
    const about = typeof property.description === 'string' ? shorten(property.description, 80) : ''
    return [
      `  ${name}`,
      typeText(property),
      required.has(name) && property.default === undefined ? 'required' : '',
      about,
    ]
  })
  return rows.length === 0 ? '  nothing' : table(style, ['  name', 'type', '', ''], rows)
}

function typeText(property: JsonObject): string {
  if (Array.isArray(property.enum)) return shorten(property.enum.map((value) => JSON.stringify(value)).join(' | '), 40)
  if (property.const !== undefined) return JSON.stringify(property.const)
  if (property.type === 'array') return `${typeText(objectIn(property.items))}[]`
  const alternatives = property.anyOf ?? property.oneOf
  if (Array.isArray(alternatives)) return shorten(alternatives.map((one) => typeText(objectIn(one))).join(' | '), 40)
  return Array.isArray(property.type) ? property.type.join(' | ') : String(property.type ?? 'any')
}

const objectIn = (value: unknown): JsonObject => JsonObject.safeParse(value).data ?? {}

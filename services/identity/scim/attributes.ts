import { SCIM_COMMON, SCIM_GROUP, SCIM_URN, SCIM_USER, type ScimAttribute } from '@azora/contracts'

/** A resource as JSON, with the names of its members as the schema writes them. */
export type Resource = Record<string, unknown>

/** A type of resources: its schema, and what all resources have. */
export interface Definition {
  urn: string
  attributes: readonly ScimAttribute[]
}

export const USER: Definition = { urn: SCIM_URN.user, attributes: [...SCIM_COMMON, ...SCIM_USER] }
export const GROUP: Definition = { urn: SCIM_URN.group, attributes: [...SCIM_COMMON, ...SCIM_GROUP] }

/** An attribute, and the part of it that is meant, if one is. */
export interface Found {
  attribute: ScimAttribute
  sub: ScimAttribute | undefined
}

/** Names are found in any case (RFC 7643, section 2.1). */
export const named = (attributes: readonly ScimAttribute[] | undefined, name: string): ScimAttribute | undefined =>
  attributes?.find((one) => one.name.toLowerCase() === name.toLowerCase())

/** What `userName`, `name.familyName` or `urn:…:User:userName` is of the type; undefined when it has no such attribute. */
export function attributeAt({ urn, attributes }: Definition, path: string): Found | undefined {
  const colon = path.lastIndexOf(':')
  if (colon >= 0 && path.slice(0, colon).toLowerCase() !== urn.toLowerCase()) return undefined
  const [name = '', subName, ...rest] = path.slice(colon + 1).split('.')
  const attribute = named(attributes, name)
  if (!attribute || rest.length > 0) return undefined
  const sub = subName === undefined ? undefined : named(attribute.subAttributes, subName)
  return subName !== undefined && !sub ? undefined : { attribute, sub }
}

/** The values that an attribute has in a resource. */
export function valuesOf(resource: Resource, { attribute, sub }: Found): unknown[] {
  const own = resource[attribute.name]
  const all = Array.isArray(own) ? own : own === undefined || own === null ? [] : [own]
  if (!sub) return all
  return all.flatMap((value: Resource) => {
    const inner = value[sub.name]
    return inner === undefined || inner === null ? [] : [inner]
  })
}

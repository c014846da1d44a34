import type { ScimShapeQuery } from '@azora/contracts'
import { attributeAt, type Definition, type Found, type Resource } from './attributes.ts'
import { invalidPath } from './errors.ts'

/** Leaves out of a resource what isn't asked for (RFC 7644, section 3.9). */
export type Shape = <R extends Resource>(resource: R) => R

/** Throws `scim_path_invalid`. */
export function shapeOf(definition: Definition, { attributes, excludedAttributes }: ScimShapeQuery): Shape {
  const wanted = attributes === undefined ? undefined : placesIn(definition, attributes)
  const unwanted = placesIn(definition, excludedAttributes ?? '')
  const isWhole = (places: readonly Found[], name: string): boolean =>
    places.some(({ attribute, sub }) => attribute.name === name && !sub)
  const partsOf = (places: readonly Found[], name: string): string[] =>
    places.flatMap(({ attribute, sub }) => (attribute.name === name && sub ? sub.name : []))

  function shaped(name: string, value: unknown): unknown {
    const attribute = definition.attributes.find((one) => one.name === name)
    if (!attribute || attribute.returned === 'always') return value
    if (isWhole(unwanted, name)) return undefined
    const without = partsOf(unwanted, name)
    const kept = wanted === undefined || isWhole(wanted, name) ? undefined : partsOf(wanted, name)
    if (kept?.length === 0) return undefined
    return partly(value, (part) => !without.includes(part) && (kept === undefined || kept.includes(part)))
  }
  return <R extends Resource>(resource: R): R =>
    Object.fromEntries(
      Object.entries(resource).flatMap(([name, value]) => {
        const left = shaped(name, value)
        return left === undefined ? [] : [[name, left]]
      }),
    ) as R
}

function placesIn(definition: Definition, list: string): Found[] {
  return list
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => {
      const found = attributeAt(definition, path)
      if (found) return found
      throw invalidPath(path)
    })
}

function partly(value: unknown, keeps: (part: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => partly(one, keeps))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([part]) => keeps(part)))
}

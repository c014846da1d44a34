import type { ScimAttribute } from '@azora/contracts'
import { attributeAt, type Definition, type Found, type Resource, valuesOf } from '../attributes.ts'
import { invalidFilter } from '../errors.ts'
import type { Comparable, Comparison, Filter } from './parse.ts'

/** Whether a filter selects a resource. */
export type Test = (resource: Resource) => boolean

/**
 * A filter for resources of a type. Of several values one that fits is enough; "ne" is the opposite of "eq", so that it
 * fits when no value does.
 *
 * @throws AzoraError `scim_filter_invalid` for an attribute that isn't there, or can't be compared so
 */
export function testOf(filter: Filter, definition: Definition): Test {
  if ('filters' in filter) {
    const tests = filter.filters.map((one) => testOf(one, definition))
    return filter.op === 'and'
      ? (resource) => tests.every((test) => test(resource))
      : (resource) => tests.some((test) => test(resource))
  }
  if (filter.op === 'not') {
    const test = testOf(filter.filter, definition)
    return (resource) => !test(resource)
  }
  const found = attributeAt(definition, filter.path)
  if (!found) throw invalidFilter(`there is no attribute ${filter.path}`)
  if (filter.op === 'has') return hasTest(filter.filter, found, definition)
  if (filter.op === 'pr') return (resource) => valuesOf(resource, found).some(isPresent)
  return comparisonTest(filter.op, found, filter.value)
}

/** A test of one value of a complex attribute. */
export function valueTestOf(filter: Filter, { urn }: Definition, attribute: ScimAttribute): Test {
  return testOf(filter, { urn, attributes: attribute.subAttributes ?? [] })
}

function hasTest(filter: Filter, found: Found, definition: Definition): Test {
  if (found.sub || !found.attribute.subAttributes) throw invalidFilter(`${found.attribute.name} has no parts to filter`)
  const test = valueTestOf(filter, definition, found.attribute)
  return (resource) => valuesOf(resource, found).some((value) => test(value as Resource))
}

/** Empty texts and objects are as if they weren't there (RFC 7644, table 3). */
const isPresent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(isPresent) : value !== '' && value !== null

function comparisonTest(op: Comparison, found: Found, value: Comparable): Test {
  // Of a complex attribute its `value` is compared.
  const sub = found.sub ?? found.attribute.subAttributes?.find(({ name }) => name === 'value')
  const leaf = sub ?? found.attribute
  if (leaf.type === 'complex') throw invalidFilter(`${leaf.name} has parts; name one of them`)
  const place = { attribute: found.attribute, sub }
  if (value === null) {
    if (op !== 'eq' && op !== 'ne') throw invalidFilter(`nothing is ${op} null`)
    return (resource) => valuesOf(resource, place).some(isPresent) === (op === 'ne')
  }
  const fits = leafTest(op === 'ne' ? 'eq' : op, leaf, value)
  return (resource) => valuesOf(resource, place).some(fits) === (op !== 'ne')
}

function leafTest(op: Exclude<Comparison, 'ne'>, { name, type, caseExact }: ScimAttribute, value: Comparable) {
  if (type === 'boolean') {
    if (typeof value !== 'boolean' || op !== 'eq') throw invalidFilter(`${name} is true or false`)
    return (own: unknown) => own === value
  }
  if (typeof value !== 'string') throw invalidFilter(`${name} is a text`)
  const normal = normalOf(type, caseExact)
  const wanted = normal(value)
  if (wanted === '' && type === 'dateTime') throw invalidFilter(`${name} is a time (RFC 3339)`)
  return (own: unknown) => TESTS[op](normal(String(own)), wanted)
}

/** Times in one form, so that they compare as texts. */
function normalOf(type: ScimAttribute['type'], caseExact: boolean): (text: string) => string {
  if (type === 'dateTime') return (text) => (Number.isNaN(Date.parse(text)) ? '' : new Date(text).toISOString())
  return caseExact ? (text) => text : (text) => text.toLowerCase()
}

const TESTS: Record<Exclude<Comparison, 'ne'>, (own: string, wanted: string) => boolean> = {
  eq: (own, wanted) => own === wanted,
  co: (own, wanted) => own.includes(wanted),
  sw: (own, wanted) => own.startsWith(wanted),
  ew: (own, wanted) => own.endsWith(wanted),
  gt: (own, wanted) => own > wanted,
  ge: (own, wanted) => own >= wanted,
  lt: (own, wanted) => own < wanted,
  le: (own, wanted) => own <= wanted,
}

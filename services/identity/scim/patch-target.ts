import { AzoraError } from '@azora/base'
import type { ScimAttribute } from '@azora/contracts'
import { named, type Resource } from './attributes.ts'
import { invalidValue } from './errors.ts'
import type { Test } from './filter/match.ts'
import type { Filter } from './filter/parse.ts'
import { readValue, requireFew } from './resource.ts'

/** What a change is about: an attribute, a part of it, or those of its values that a filter selects. */
export interface Target {
  attribute: ScimAttribute
  sub: ScimAttribute | undefined
  filter?: Filter
  /** Whether the filter selects a value. */
  test?: Test
}

export interface Change {
  op: 'add' | 'replace' | 'remove'
  value: unknown
}

/** Changes the resource at one place. Throws `scim_value_invalid` and `scim_no_target`. */
export function applyTo(resource: Resource, target: Target, change: Change): void {
  const { attribute } = target
  const next = attribute.multiValued ? changedValues(resource, target, change) : changedOne(resource, target, change)
  if (next === undefined) delete resource[attribute.name]
  else resource[attribute.name] = next
}

function changedOne(resource: Resource, { attribute, sub }: Target, { op, value }: Change): unknown {
  const before = resource[attribute.name] as Resource | undefined
  if (sub) return withPart(before ?? {}, sub, op === 'remove' ? undefined : value)
  if (op === 'remove') return undefined
  const read = readValue(attribute, value)
  // Parts that are not named stay, also when it is replaced (RFC 7644, section 3.5.2.3).
  return attribute.subAttributes && read !== undefined ? { ...before, ...(read as Resource) } : read
}

/** Undefined when nothing is left. */
function withPart(value: Resource, sub: ScimAttribute, part: unknown): Resource | undefined {
  const { [sub.name]: _before, ...others } = value
  const read = readValue(sub, part)
  const next = read === undefined ? others : { ...others, [sub.name]: read }
  return Object.keys(next).length === 0 ? undefined : next
}

function changedValues(resource: Resource, target: Target, change: Change): Resource[] | undefined {
  const { attribute } = target
  const before = (resource[attribute.name] ?? []) as Resource[]
  const after = target.test || target.sub ? selected(before, target, change) : whole(before, attribute, change)
  const next = withOnePrimary(before, after)
  requireFew(attribute, next)
  return next.length === 0 ? undefined : next
}

/** All values of the attribute. */
function whole(before: Resource[], attribute: ScimAttribute, { op, value }: Change): Resource[] {
  if (op === 'remove' && (value === undefined || value === null)) return []
  const given = (readValue(attribute, value) ?? []) as Resource[]
  if (op === 'replace') return given
  const names = new Set(given.map(nameOf))
  if (op === 'remove') return before.filter((one) => !names.has(nameOf(one)))
  const known = new Set(before.map(nameOf))
  return [...before, ...given.filter((one) => !known.has(nameOf(one)))]
}

/** What makes two values the same. */
const nameOf = (one: Resource): string => (typeof one.value === 'string' ? one.value : JSON.stringify(one))

/** The values that the filter selects, or all where only a part is named. */
function selected(before: Resource[], target: Target, { op, value }: Change): Resource[] {
  const { attribute, sub, filter, test = () => true } = target
  const isHit = before.map((one) => test(one))
  if (!isHit.includes(true)) {
    if (op === 'remove') return before
    const made = op === 'add' ? valueBy(attribute, filter) : undefined
    if (!made) throw new AzoraError('fix', 'scim_no_target', `no value of ${attribute.name} is selected`)
    return [...before, changedValue(made, { attribute, sub }, { op, value }) ?? made]
  }
  return before
    .map((one, at) => (isHit[at] ? changedValue(one, { attribute, sub }, { op, value }) : one))
    .filter((one) => one !== undefined)
}

function changedValue(one: Resource, { attribute, sub }: Target, { op, value }: Change): Resource | undefined {
  if (sub) return withPart(one, sub, op === 'remove' ? undefined : value)
  if (op === 'remove') return undefined
  const [read, ...more] = (readValue(attribute, value) ?? []) as Resource[]
  if (!read || more.length > 0) throw invalidValue(attribute.name, 'takes one value there')
  return { ...one, ...read }
}

/** The value that a filter such as `type eq "work"` describes: providers add to one that isn't there yet. */
function valueBy({ subAttributes }: ScimAttribute, filter: Filter | undefined): Resource | undefined {
  if (filter?.op !== 'eq' || typeof filter.value !== 'string') return undefined
  const sub = named(subAttributes, filter.path)
  return sub && { [sub.name]: readValue(sub, filter.value) }
}

/** A value that becomes the primary one takes that from the one before (RFC 7644, section 3.5.2). */
function withOnePrimary(before: readonly Resource[], after: Resource[]): Resource[] {
  const primaries = after.filter(({ primary }) => primary === true)
  const isNew = (one: Resource): boolean => !before.includes(one)
  if (primaries.length < 2 || !primaries.some(isNew)) return after
  return after.map((one) => (one.primary === true && !isNew(one) ? { ...one, primary: false } : one))
}

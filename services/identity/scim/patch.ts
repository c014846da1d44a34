import { AzoraError } from '@azora/base'
import { SCIM_URN, type ScimAttribute, type ScimPatch } from '@azora/contracts'
import { attributeAt, type Definition, named, type Resource } from './attributes.ts'
import { invalidPath, invalidValue } from './errors.ts'
import { valueTestOf } from './filter/match.ts'
import { parseFilteredPath } from './filter/parse.ts'
import { applyTo, type Change, type Target } from './patch-target.ts'
import { requireAll } from './resource.ts'

type Operation = ScimPatch['Operations'][number]

/**
 * A resource after changes, all of which hold or none (RFC 7644, section 3.5.2).
 *
 * @param resource what is kept of it; stays as it is
 * @throws AzoraError `scim_syntax_invalid`, `scim_path_invalid`, `scim_filter_invalid`, `scim_no_target`,
 * `scim_read_only`, `scim_value_invalid`
 */
export function patched(definition: Definition, resource: Resource, { schemas, Operations }: ScimPatch): Resource {
  if (!schemas.some((urn) => urn.toLowerCase() === SCIM_URN.patch.toLowerCase()))
    throw new AzoraError('fix', 'scim_syntax_invalid', `the message names the schema ${SCIM_URN.patch}`)
  const next = structuredClone(resource)
  for (const operation of Operations) apply(definition, next, operation)
  requireAll(definition.attributes, next)
  return next
}

function apply(definition: Definition, resource: Resource, { op: text, path, value }: Operation): void {
  const op = text.toLowerCase()
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw new AzoraError('fix', 'scim_syntax_invalid', 'an operation is add, replace or remove')
  if (op !== 'remove' && value === undefined) throw invalidValue('value', 'is missing')
  if (path === undefined || path === null) {
    if (op === 'remove') throw noTarget('a removal names what it removes')
    applyMembers(definition, resource, op, value)
    return
  }
  const target = targetAt(definition, path)
  if (!target) throw invalidPath(path)
  if (target.isReadOnly) throw new AzoraError('fix', 'scim_read_only', `only Azora sets ${path.slice(0, 200)}`)
  applyTo(resource, target, { op, value })
}

/** Without a path the value names what it is about; what isn't kept, or is only Azora's to set, is left out as elsewhere. */
function applyMembers(definition: Definition, resource: Resource, op: Change['op'], value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidValue('value', 'is an object where no path is given')
  for (const [key, member] of Object.entries(value)) {
    if (key.toLowerCase() === definition.urn.toLowerCase()) {
      applyMembers({ ...definition, urn: '' }, resource, op, member)
      continue
    }
    const target = attributeAt(definition, key.replace(/\[.*$/s, '')) && targetAt(definition, key)
    if (target && !target.isReadOnly) applyTo(resource, target, { op, value: member })
  }
}

interface Place extends Target {
  isReadOnly: boolean
}

/** Undefined when the type has no such attribute. */
function targetAt(definition: Definition, text: string): Place | undefined {
  const { path, filter, sub: subName } = parseFilteredPath(text)
  const found = attributeAt(definition, path)
  if (!found) return undefined
  const { attribute } = found
  const hasValues = attribute.multiValued && attribute.subAttributes !== undefined
  if (filter && (found.sub || !hasValues)) return undefined
  const sub = subName === undefined ? found.sub : named(attribute.subAttributes, subName)
  if (subName !== undefined && !sub) return undefined
  return {
    attribute,
    sub,
    isReadOnly: isFixed(attribute) || (sub !== undefined && isFixed(sub)),
    ...(filter && { filter, test: valueTestOf(filter, definition, attribute) }),
  }
}

const isFixed = ({ mutability }: ScimAttribute): boolean => mutability !== 'readWrite'

const noTarget = (why: string): AzoraError => new AzoraError('fix', 'scim_no_target', why)

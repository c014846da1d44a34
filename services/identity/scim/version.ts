import { hash } from 'node:crypto'
import { AzoraError } from '@azora/base'
import type { ScimConditions } from '@azora/contracts'
import type { Resource } from './attributes.ts'

/** A resource that says at which version it is. */
interface Versioned {
  meta?: { version?: string }
}

/** A weak entity tag of what a resource says (RFC 9110, section 8.8.3). */
export const versionOf = (resource: Resource): string =>
  `W/"${hash('sha256', JSON.stringify(resource), 'hex').slice(0, 32)}"`

/** Undefined when the caller has this version already. */
export const unlessKnown = <R extends Versioned>(
  { 'if-none-match': known }: ScimConditions,
  resource: R,
): R | undefined => (known !== undefined && names(known, resource) ? undefined : resource)

/** Throws `scim_version_conflict` when the caller means another version. */
export function requireVersion(conditions: ScimConditions, resource: Versioned): void {
  const { 'if-match': wanted } = conditions
  if ((wanted === undefined || names(wanted, resource)) && unlessKnown(conditions, resource)) return
  throw new AzoraError('conflict', 'scim_version_conflict', `the resource is at version ${resource.meta?.version}`)
}

/** Whether a list of tags, or `*`, names the version; strong and weak are the same here. */
const names = (list: string, { meta }: Versioned): boolean =>
  list.trim() === '*' || list.split(',').some((tag) => opaque(tag) === opaque(meta?.version ?? ''))

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')

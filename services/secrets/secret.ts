import { AzoraError } from '@azora/base'
import type { SecretPlace, SecretView } from '@azora/contracts'

/** A secret without its values. */
export interface Secret {
  tenant: string
  name: string
  hosts: string[]
  place: SecretPlace
  environment: boolean
  leaseMs: number
  createdAt: string
  createdBy: string
  /** From the oldest on. */
  versions: Version[]
}

export interface Version {
  version: number
  keyId: string
  createdAt: string
  expiresAt?: string
  revoked: boolean
}

export const currentOf = ({ versions }: Secret): Version | undefined => versions.at(-1)

export function stateOf(
  { versions }: Secret,
  version: Version,
  nowMs: number,
): SecretView['versions'][number]['state'] {
  if (version.revoked) return 'revoked'
  if (version.expiresAt !== undefined && Date.parse(version.expiresAt) <= nowMs) return 'expired'
  return versions.at(-1) === version ? 'current' : 'superseded'
}

export function viewOf(secret: Secret, nowMs: number, leases: number): SecretView {
  const { tenant: _, versions, ...rest } = secret
  return {
    ...rest,
    leases,
    versions: versions.toReversed().map((version) => ({
      version: version.version,
      state: stateOf(secret, version, nowMs),
      createdAt: version.createdAt,
      ...(version.expiresAt !== undefined && { expiresAt: version.expiresAt }),
      keyId: version.keyId,
    })),
  }
}

/** Printable ASCII: what a header may hold without being read in two ways (RFC 9110, section 5.5). */
const FIELD_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/

/** Throws `secret_value_unfit` for a value that can't stand in its place. */
export function assertFits(value: string, place: SecretPlace): void {
  const flaw =
    place.in === 'header' || place.in === 'basic'
      ? FIELD_VALUE.test(value)
        ? undefined
        : 'holds characters that can not stand in a header'
      : value.isWellFormed() && !value.includes('\0')
        ? undefined
        : 'is not well-formed text'
  if (flaw === undefined) return
  const hint = value.trim() === value ? '' : '; it begins or ends with white space'
  throw new AzoraError('fix', 'secret_value_unfit', `the value ${flaw}${hint}`, {
    remedy: 'Give the value alone, without a line feed, or name another place with --query or --body.',
  })
}

export const notFound = (name: string): AzoraError =>
  new AzoraError('missing', 'secret_not_found', `there is no secret ${name}`, {
    remedy: 'List them: azora secret list',
  })

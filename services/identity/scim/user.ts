import { type JsonObject, PrincipalId, SCIM_URN, type ScimUser } from '@azora/contracts'
import { z } from 'zod'
import type { ScimUserRow } from '../store/scim-users.ts'
import type { Resource } from './attributes.ts'
import { invalidValue } from './errors.ts'
import { versionOf } from './version.ts'

/** What of a user is kept under a name of its own. */
export interface UserFields {
  userName: string
  principal: string
  externalId: string | null
  active: boolean
  attributes: JsonObject
}

const NAME = /^[a-z0-9@._-]{1,150}$/

/**
 * The principal of a user name: `user:` and the name in lower case, as user names are the same in any case (RFC 7643,
 * section 4.1.1). Other characters are refused instead of replaced, so that two names are never the same principal.
 *
 * @throws AzoraError `scim_value_invalid`
 */
function principalOf(userName: string): string {
  const name = userName.toLowerCase()
  const id = PrincipalId.safeParse(`user:${name}`)
  if (NAME.test(name) && id.success) return id.data
  throw invalidValue('userName', 'has up to 150 letters, digits and @ . _ -')
}

/** The principal of a user name that is asked for; undefined when nobody can have it. */
export const principalIfAny = (userName: string): string | undefined =>
  NAME.test(userName.toLowerCase()) ? `user:${userName.toLowerCase()}` : undefined

/** Throws `scim_value_invalid`. */
export function fieldsOf({ userName, externalId, active, ...attributes }: Resource): UserFields {
  const name = String(userName)
  return {
    userName: name,
    principal: principalOf(name),
    externalId: typeof externalId === 'string' ? externalId : null,
    active: active !== false,
    attributes: attributes as JsonObject,
  }
}

const Address = z.email().max(254)

/** By what somebody is known at the provider: their primary address, else the first one, else a user name that is one. */
export function addressOf({ userName, attributes }: Pick<ScimUserRow, 'userName' | 'attributes'>): string | undefined {
  const emails = (attributes.emails ?? []) as Array<{ value?: string; primary?: boolean }>
  const chosen = emails.find(({ primary }) => primary) ?? emails[0]
  const address = Address.safeParse(chosen?.value ?? userName)
  return address.success ? address.data.toLowerCase() : undefined
}

/** @param base where SCIM is served */
export function toScimUser(row: ScimUserRow, base: string): ScimUser {
  const { userId, userName, externalId, active, attributes, createdAt, modifiedAt, groups } = row
  const user = {
    schemas: [SCIM_URN.user],
    id: userId,
    ...(externalId !== null && { externalId }),
    userName,
    ...inOrder(attributes),
    active,
    ...(groups.length > 0 && {
      groups: groups.map(({ groupId, displayName }) => ({
        value: groupId,
        $ref: `${base}/Groups/${groupId}`,
        display: displayName,
      })),
    }),
    meta: {
      resourceType: 'User',
      created: createdAt.toISOString(),
      lastModified: modifiedAt.toISOString(),
      location: `${base}/Users/${userId}`,
    },
  }
  return { ...user, meta: { ...user.meta, version: versionOf(user) } }
}

/** What is kept of a user, as a change finds it. */
export const toStored = ({ userName, externalId, active, attributes }: ScimUserRow): Resource => ({
  ...attributes,
  userName,
  active,
  ...(externalId !== null && { externalId }),
})

/** The database keeps no order of members. */
const inOrder = ({ name, displayName, emails }: JsonObject): Pick<ScimUser, 'name' | 'displayName' | 'emails'> =>
  Object.fromEntries(Object.entries({ name, displayName, emails }).filter(([, value]) => value !== undefined))

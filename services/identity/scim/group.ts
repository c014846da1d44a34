import { SCIM_URN, type ScimGroup } from '@azora/contracts'
import type { ScimGroupRow } from '../store/scim-groups.ts'
import type { Resource } from './attributes.ts'
import { invalidValue } from './errors.ts'
import { versionOf } from './version.ts'

/** What of a group is kept. */
export interface GroupFields {
  displayName: string
  externalId: string | null
  memberIds: string[]
}

export const isUuid = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** Throws `scim_value_invalid`, also for members that are groups. */
export function fieldsOf({ displayName, externalId, members = [] }: Resource): GroupFields {
  const memberIds = (members as Resource[]).map(({ value, type }) => {
    if (type !== undefined && String(type).toLowerCase() !== 'user') throw invalidValue('members', 'are users')
    if (isUuid(value)) return value
    throw invalidValue('members', 'name users by their id')
  })
  return {
    displayName: String(displayName),
    externalId: typeof externalId === 'string' ? externalId : null,
    memberIds: [...new Set(memberIds)],
  }
}

/** @param base where SCIM is served */
export function toScimGroup(row: ScimGroupRow, base: string): ScimGroup {
  const { groupId, displayName, externalId, createdAt, modifiedAt, members } = row
  const group = {
    schemas: [SCIM_URN.group],
    id: groupId,
    ...(externalId !== null && { externalId }),
    displayName,
    ...(members.length > 0 && {
      members: members.map(({ userId, userName }) => ({
        value: userId,
        $ref: `${base}/Users/${userId}`,
        display: userName,
        type: 'User' as const,
      })),
    }),
    meta: {
      resourceType: 'Group',
      created: createdAt.toISOString(),
      lastModified: modifiedAt.toISOString(),
      location: `${base}/Groups/${groupId}`,
    },
  }
  return { ...group, meta: { ...group.meta, version: versionOf(group) } }
}

/** What is kept of a group, as a change finds it. */
export const toStored = ({ displayName, externalId, members }: ScimGroupRow): Resource => ({
  displayName,
  ...(externalId !== null && { externalId }),
  ...(members.length > 0 && { members: members.map(({ userId }) => ({ value: userId })) }),
})

import { type Clock, uuidv7 } from '@azora/base'
import {
  SCIM_LIMITS,
  type ScimConditions,
  type ScimListQuery,
  type ScimPatch,
  type ScimShapeQuery,
  type ScimUser,
} from '@azora/contracts'
import type { ScimUserRow, ScimUserStore, UserQuery } from '../store/scim-users.ts'
import { type Resource, USER } from './attributes.ts'
import { full, noSuch } from './errors.ts'
import type { Filter } from './filter/parse.ts'
import type { Follow } from './follow.ts'
import { isUuid } from './group.ts'
import { type Page, pageOf } from './page.ts'
import { patched } from './patch.ts'
import type { Actor } from './record.ts'
import { readResource } from './resource.ts'
import { type Shape, shapeOf } from './shape.ts'
import { fieldsOf, principalIfAny, toScimUser, toStored, type UserFields } from './user.ts'
import { requireVersion, unlessKnown } from './version.ts'

/** Resources of one type. Changes hold one after the other; each throws what its operation declares. */
export interface Resources<R> {
  /** What leaves out of a resource what isn't asked for. Throws `scim_path_invalid`. */
  shape(query: ScimShapeQuery): Shape
  list(by: Actor, query: ScimListQuery): Promise<Page<R>>
  /** Undefined when the caller has this version already. */
  get(by: Actor, id: string, conditions: ScimConditions): Promise<R | undefined>
  create(by: Actor, body: Resource): Promise<R>
  replace(by: Actor, id: string, body: Resource, conditions?: ScimConditions): Promise<R>
  patch(by: Actor, id: string, patch: ScimPatch, conditions?: ScimConditions): Promise<R>
  remove(by: Actor, id: string, conditions?: ScimConditions): Promise<void>
}

export interface UsersDeps {
  users: ScimUserStore
  follow: Follow
  /** Where SCIM is served. */
  base: () => string
  clock: Clock
}

/** People, each of whom is a principal as long as they are active. */
export function createUsers({ users, follow, base, clock }: UsersDeps): Resources<ScimUser> {
  const view = (row: ScimUserRow): ScimUser => toScimUser(row, base())

  async function find(tenant: string, userId: string): Promise<ScimUserRow> {
    const [row] = isUuid(userId) ? await users.list(tenant, { userId }) : []
    if (row) return row
    throw noSuch('user')
  }

  async function change(by: Actor, before: ScimUserRow, fields: UserFields): Promise<ScimUser> {
    const { tenant } = by
    const { active, ...kept } = fields
    const next = { ...before, ...kept, modifiedAt: new Date(clock.now()) }
    const isSame = next.principal === before.principal
    if (!isSame || (active && !before.active)) await requireFree(tenant, before, next)
    else await follow.requireAddress(tenant, next)
    const stays = before.active && active && isSame
    if (before.active && !stays) await follow.depart(by, before.principal)
    await users.update(next)
    if (active && !stays) await follow.arrive(by, next)
    else if (stays) await follow.link(by, next)
    return view(await find(tenant, before.userId))
  }

  /** Somebody who is let in again has their own name already, but may not take that of a principal which the owner made. */
  async function requireFree(tenant: string, before: ScimUserRow, next: ScimUserRow): Promise<void> {
    if (next.principal !== before.principal) return follow.requireFree(tenant, next, before.principal)
    await follow.requireUnclaimed(tenant, next)
  }

  return {
    shape: (query) => shapeOf(USER, query),
    list: ({ tenant }, query) =>
      pageOf(USER, query, async (filter) => (await users.list(tenant, queryOf(filter))).map(view)),
    get: async ({ tenant }, id, conditions) => unlessKnown(conditions, view(await find(tenant, id))),
    async create(by, body) {
      const { tenant } = by
      const { active, ...kept } = fieldsOf(readResource(USER, body))
      const now = new Date(clock.now())
      const row = { ...kept, userId: uuidv7(clock.now()), tenant, createdAt: now, modifiedAt: now }
      await follow.requireFree(tenant, row)
      if (!(await users.add(row, SCIM_LIMITS.users))) throw full('users', SCIM_LIMITS.users)
      if (active) await follow.arrive(by, { ...row, active, groups: [] })
      return view(await find(tenant, row.userId))
    },
    async replace(by, id, body, conditions = {}) {
      const before = await find(by.tenant, id)
      requireVersion(conditions, view(before))
      return change(by, before, fieldsOf(readResource(USER, body)))
    },
    async patch(by, id, patch, conditions = {}) {
      const before = await find(by.tenant, id)
      requireVersion(conditions, view(before))
      return change(by, before, fieldsOf(patched(USER, toStored(before), patch)))
    },
    async remove(by, id, conditions = {}) {
      const row = await find(by.tenant, id)
      requireVersion(conditions, view(row))
      if (row.active) await follow.depart(by, row.principal)
      await users.remove(by.tenant, row.userId)
    },
  }
}

/** What the database can look up by itself, which is what providers ask for before each change. */
function queryOf(filter: Filter | undefined): UserQuery {
  if (filter?.op !== 'eq' || typeof filter.value !== 'string') return {}
  const path = filter.path.toLowerCase()
  if (path === 'id' && isUuid(filter.value)) return { userId: filter.value }
  if (path === 'externalid' && !filter.value.includes('\u0000')) return { externalId: filter.value }
  const principal = path === 'username' ? principalIfAny(filter.value) : undefined
  return principal === undefined ? {} : { principal }
}

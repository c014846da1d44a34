import { AzoraError, oneAfterAnother } from '@azora/base'
import {
  CUSTOM_ROLE_LIMITS,
  type CustomRole,
  CustomRoleName,
  type NewCustomRole,
  type Role,
  type RoleDetail,
  type RoleName,
  type RoleView,
} from '@azora/contracts'
import { checkedPoliciesOf, policiesOf } from './permissions/custom.ts'
import { actionsOf, describeRoles, requireMayGive } from './permissions/permissions.ts'
import { readPermissions } from './permissions/policies.ts'
import type { Principal } from './principal.ts'
import type { CustomRoleStore, StoredRole } from './store/custom-roles.ts'

/** Roles: those of every installation, and those that a tenant made for itself. */
export interface Roles {
  list(tenant: string): Promise<RoleView[]>
  /** Throws `role_not_found`. */
  get(tenant: string, name: RoleName): Promise<RoleDetail>
  /**
   * Throws `forbidden` when the maker may not do all of it, `role_exists`, `role_in_use`, `roles_too_many`.
   *
   * @param record puts it on record, before it holds
   */
  create(maker: Principal, role: NewCustomRole, record: (role: CustomRole) => Promise<unknown>): Promise<RoleDetail>
  /** Throws `role_not_found`, `role_in_use`, `forbidden` as for making it. */
  remove(by: Principal, name: CustomRoleName, record: () => Promise<unknown>): Promise<void>
  /** What those of the tenant's own among them allow. Throws `role_not_found`. */
  customOf(tenant: string, roles: readonly RoleName[]): Promise<CustomRole[]>
  /** Throws `forbidden` unless one may give or take these roles of one's tenant, `role_not_found`. */
  requireMayGive(actor: Principal, roles: readonly RoleName[]): Promise<void>
}

/** @param changed is called when what is remembered of principals holds no longer */
export function createRoles(store: CustomRoleStore, changed: () => void): Roles {
  const inTurn = oneAfterAnother()

  async function stored(tenant: string, name: CustomRoleName): Promise<StoredRole> {
    const found = await store.get(tenant, name)
    if (found) return found
    throw new AzoraError('missing', 'role_not_found', `there is no role ${name}`, {
      remedy: 'List them: azora identity roles',
    })
  }

  async function requireUnheld(tenant: string, name: CustomRoleName): Promise<void> {
    const holders = await store.holders(tenant, name)
    if (holders.length === 0) return
    throw new AzoraError('conflict', 'role_in_use', `${holders.join(', ')} still hold the role ${name}`, {
      remedy: 'Give them another role first.',
    })
  }

  const customOf = async (tenant: string, roles: readonly RoleName[]): Promise<CustomRole[]> =>
    Promise.all(roles.filter(isCustom).map(async (name) => (await stored(tenant, name)).role))

  return {
    customOf,
    async list(tenant) {
      const own = (await store.list(tenant)).map(({ role }) => ({ role: role.name, actions: allows(role) }))
      return [...describeRoles(), ...own]
    },
    async get(tenant, name) {
      if (!isCustom(name)) return { role: name, actions: actionsOf({ roles: [name] }), policies: speakingOf(name) }
      return detailOf(await stored(tenant, name))
    },
    create: (maker, { says, ...asked }, record) =>
      inTurn(async () => {
        const { tenant } = maker
        const role: CustomRole = { ...asked, says: says ?? `Who is ${asked.name} may` }
        requireMayGive(maker, [], [role])
        checkedPoliciesOf(role)
        const all = await store.list(tenant)
        if (all.some(({ role: { name } }) => name === role.name))
          throw new AzoraError('conflict', 'role_exists', `there is a role ${role.name} already`, {
            remedy: 'Choose another name: a role never changes.',
          })
        if (all.length >= CUSTOM_ROLE_LIMITS.roles)
          throw new AzoraError('conflict', 'roles_too_many', `a tenant has at most ${all.length} roles of its own`, {
            remedy: 'Remove one that nobody has.',
          })
        // Whoever kept the name of one that is gone would have this one.
        await requireUnheld(tenant, role.name)
        await record(role)
        return detailOf(await store.add(tenant, role, maker.id))
      }),
    remove: (by, name, record) =>
      inTurn(async () => {
        const { role } = await stored(by.tenant, name)
        requireMayGive(by, [], [role])
        await requireUnheld(by.tenant, name)
        await record()
        await store.remove(by.tenant, name)
        changed()
      }),
    async requireMayGive(actor, roles) {
      requireMayGive(actor, roles, await customOf(actor.tenant, roles))
    },
  }
}

const isCustom = (name: RoleName): name is CustomRoleName => CustomRoleName.safeParse(name).success

const allows = (role: CustomRole): RoleView['actions'] => actionsOf({ roles: [role.name], custom: [role] })

const detailOf = ({ role, createdBy, createdAt }: StoredRole): RoleDetail => ({
  role: role.name,
  actions: allows(role),
  policies: policiesOf(role),
  custom: { ...role, createdBy, createdAt: createdAt.toISOString() },
})

const speakingOf = (role: Role): RoleDetail['policies'] =>
  readPermissions()
    .policies.filter(({ text }) => text.includes(`Role::"${role}"`))
    .map(({ id, says, text }) => ({ id, says, text }))

import { z } from 'zod'
import { NewCustomRole, RoleDetail } from '../custom-role.ts'
import { CustomRoleName, RoleName } from '../principal.ts'
import { RoleView } from '../right.ts'
import { operation } from './operation.ts'

/** What people and services may be made: the roles of every installation, and those of the tenant's own. */
export const roles = {
  list: operation({
    method: 'GET',
    path: '/api/v1/roles',
    summary: 'Every role, and what it allows',
    permission: 'session.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(RoleView) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/roles/{role}',
    summary: 'One role, and the policies that speak of it',
    permission: 'session.read',
    scope: 'tenant',
    params: z.strictObject({ role: RoleName }),
    problems: ['role_not_found'],
    responses: { 200: RoleDetail },
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/roles',
    summary: 'Make a role of the tenant’s own, which allows no more than its maker may',
    permission: 'role.create',
    scope: 'tenant',
    body: NewCustomRole,
    problems: ['role_exists', 'roles_too_many'],
    responses: { 201: RoleDetail },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/roles/{role}',
    summary: 'Remove a role of the tenant’s own that nobody has',
    permission: 'role.remove',
    scope: 'tenant',
    params: z.strictObject({ role: CustomRoleName }),
    problems: ['role_not_found', 'role_in_use'],
    responses: { 204: z.null() },
  }),
}

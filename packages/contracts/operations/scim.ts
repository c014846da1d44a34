import { z } from 'zod'
import { MapScimGroup, ScimMapping, ScimStatus, ScimToken, UnmapScimGroup } from '../scim.ts'
import { operation } from './operation.ts'

/** What the owner decides about provisioning. */
export const scim = {
  status: operation({
    method: 'GET',
    path: '/api/v1/scim',
    summary: 'Whether an identity provider may provision people, and which role each of its groups gives',
    permission: 'scim.read',
    scope: 'tenant',
    responses: { 200: ScimStatus },
  }),
  token: operation({
    method: 'POST',
    path: '/api/v1/scim/token',
    summary: 'Give the identity provider a new token, which can only provision; the one before ends at once',
    permission: 'scim.set',
    scope: 'tenant',
    answersSecret: true,
    problems: ['credential_too_short_lived'],
    responses: { 201: ScimToken },
  }),
  revoke: operation({
    method: 'DELETE',
    path: '/api/v1/scim/token',
    summary: 'End the identity provider’s token; people who were provisioned stay',
    permission: 'scim.set',
    scope: 'tenant',
    problems: ['scim_token_missing'],
    responses: { 204: z.null() },
  }),
  map: operation({
    method: 'POST',
    path: '/api/v1/scim/mappings',
    summary: 'Let a group give its members a role, in place of the one that it gave',
    permission: 'scim.set',
    scope: 'tenant',
    body: MapScimGroup,
    problems: ['scim_group_not_found', 'role_not_found'],
    responses: { 200: ScimMapping },
  }),
  unmap: operation({
    method: 'POST',
    path: '/api/v1/scim/mappings/remove',
    summary: 'Let a group give no role any more',
    permission: 'scim.set',
    scope: 'tenant',
    body: UnmapScimGroup,
    problems: ['scim_group_not_found'],
    responses: { 200: ScimMapping },
  }),
}

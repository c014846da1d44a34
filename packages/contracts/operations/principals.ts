import { z } from 'zod'
import { NewPrincipal, PrincipalCreated, PrincipalView } from '../principal.ts'
import { PrincipalDecision, Right } from '../right.ts'
import { operation } from './operation.ts'

export const principals = {
  list: operation({
    method: 'GET',
    path: '/api/v1/principals',
    summary: 'Who may act',
    permission: 'principal.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(PrincipalView) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/principals/{principalId}',
    summary: 'One of those who may act',
    permission: 'principal.read',
    scope: 'tenant',
    hasETag: true,
    params: z.strictObject({ principalId: PrincipalView.shape.id }),
    problems: ['principal_not_found'],
    responses: { 200: PrincipalView },
  }),
  add: operation({
    method: 'POST',
    path: '/api/v1/principals',
    summary: 'Add somebody with a role; the answer holds the token, which nobody can read again',
    permission: 'principal.add',
    scope: 'tenant',
    body: NewPrincipal,
    answersSecret: true,
    problems: ['principal_exists', 'role_not_found', 'credential_too_short_lived'],
    responses: { 201: PrincipalCreated },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/principals/{principalId}',
    summary: 'Remove a person; their token ends at once',
    permission: 'principal.remove',
    scope: 'tenant',
    ifMatch: '/api/v1/principals/{principalId}',
    params: z.strictObject({ principalId: PrincipalView.shape.id }),
    problems: ['principal_not_found', 'principal_protected'],
    responses: { 204: z.null() },
  }),
  can: operation({
    method: 'GET',
    path: '/api/v1/principals/{principalId}/can',
    summary:
      'Whether one may do something, with any run or with a certain one, and which policies say so; about others it needs principal.read',
    permission: 'session.read',
    scope: 'tenant',
    params: z.strictObject({ principalId: PrincipalView.shape.id }),
    query: z.strictObject({
      action: Right,
      resource: z.uuid().optional().describe('Id of a run, or of a review for what is about reviews.'),
    }),
    problems: ['principal_not_found', 'run_not_found', 'review_not_found', 'right_without_resource'],
    responses: { 200: PrincipalDecision },
  }),
}

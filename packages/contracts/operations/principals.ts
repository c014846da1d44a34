import { z } from 'zod'
import { NewPrincipal, PrincipalCreated, PrincipalView } from '../principal.ts'
import { operation } from './operation.ts'

export const principals = {
  list: operation({
    method: 'GET',
    path: '/api/v1/principals',
    summary: 'Who may act',
    access: 'owner',
    responses: { 200: z.strictObject({ items: z.array(PrincipalView) }) },
  }),
  add: operation({
    method: 'POST',
    path: '/api/v1/principals',
    summary: 'Add somebody with a role; the answer holds the token, which nobody can read again',
    access: 'owner',
    body: NewPrincipal,
    problems: ['principal_exists'],
    responses: { 201: PrincipalCreated },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/principals/{principalId}',
    summary: 'Remove a person; their token ends at once',
    access: 'owner',
    params: z.strictObject({ principalId: PrincipalView.shape.id }),
    problems: ['principal_not_found', 'principal_protected'],
    responses: { 204: z.null() },
  }),
}

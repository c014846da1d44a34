import { z } from 'zod'
import { SecretName } from '../names.ts'
import { NewSecret, RotateSecret, SecretLeaseView, SecretView } from '../secret.ts'
import { operation } from './operation.ts'

const Params = z.strictObject({ name: SecretName })

/** Values come in and are never shown. */
export const secrets = {
  list: operation({
    method: 'GET',
    path: '/api/v1/secrets',
    summary: 'Secrets without their values',
    permission: 'secret.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(SecretView) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/secrets/{name}',
    summary: 'One secret without its value',
    permission: 'secret.read',
    scope: 'tenant',
    hasETag: true,
    params: Params,
    problems: ['secret_not_found'],
    responses: { 200: SecretView },
  }),
  put: operation({
    method: 'POST',
    path: '/api/v1/secrets',
    summary: 'Put a secret; nobody can read its value again',
    permission: 'secret.put',
    scope: 'tenant',
    body: NewSecret,
    problems: [
      'secret_exists',
      'secrets_too_many',
      'secret_value_unfit',
      'expiry_past',
      'kms_unavailable',
      'key_unwrap_failed',
    ],
    responses: { 201: SecretView },
  }),
  rotate: operation({
    method: 'POST',
    path: '/api/v1/secrets/{name}/rotate',
    summary: 'Give a secret a new value; leases of the old one last until their actions end, unless "now" is set',
    permission: 'secret.rotate',
    scope: 'tenant',
    ifMatch: '/api/v1/secrets/{name}',
    params: Params,
    body: RotateSecret,
    problems: [
      'secret_not_found',
      'secrets_too_many',
      'secret_value_unfit',
      'expiry_past',
      'kms_unavailable',
      'key_unwrap_failed',
    ],
    responses: { 200: SecretView },
  }),
  revoke: operation({
    method: 'POST',
    path: '/api/v1/secrets/{name}/revoke',
    summary: 'End every version and every lease of a secret at once',
    permission: 'secret.revoke',
    scope: 'tenant',
    ifMatch: '/api/v1/secrets/{name}',
    params: Params,
    problems: ['secret_not_found'],
    responses: { 200: SecretView },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/secrets/{name}',
    summary: 'Remove a secret; its leases end at once',
    permission: 'secret.remove',
    scope: 'tenant',
    ifMatch: '/api/v1/secrets/{name}',
    params: Params,
    problems: ['secret_not_found'],
    responses: { 204: z.null() },
  }),
  uses: operation({
    method: 'GET',
    path: '/api/v1/secrets/{name}/uses',
    summary: 'Who used a secret, for what: its newest 200 leases',
    permission: 'secret.read',
    scope: 'tenant',
    params: Params,
    problems: ['secret_not_found'],
    responses: { 200: z.strictObject({ items: z.array(SecretLeaseView) }) },
  }),
}

import { z } from 'zod'
import { KeyIssued, KeyView, NewKey, RotateKey } from '../api-key.ts'
import { operation } from './operation.ts'

const params = z.strictObject({ keyId: KeyView.shape.keyId })

export const keys = {
  list: operation({
    method: 'GET',
    path: '/api/v1/keys',
    summary: 'API keys, the newest first: who administers keys sees everybody’s, others their own',
    permission: 'key.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(KeyView) }) },
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/keys',
    summary: 'Make an API key for oneself or a service; the answer holds the key, which nobody can read again',
    permission: 'key.create',
    scope: 'tenant',
    body: NewKey,
    answersSecret: true,
    problems: [
      'credential_too_short_lived',
      'key_owner_unsuitable',
      'key_scope_exceeded',
      'keys_too_many',
      'principal_not_found',
    ],
    responses: { 201: KeyIssued },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/keys/{keyId}',
    summary: 'An API key, without its secret',
    permission: 'key.read',
    scope: 'tenant',
    params,
    problems: ['key_not_found'],
    responses: { 200: KeyView },
  }),
  rotate: operation({
    method: 'POST',
    path: '/api/v1/keys/{keyId}/rotate',
    summary: 'Give an API key a new secret; the old one ends at once, or after a stated time',
    permission: 'key.rotate',
    scope: 'tenant',
    params,
    body: RotateKey,
    answersSecret: true,
    problems: [
      'credential_too_short_lived',
      'key_ended',
      'key_not_found',
      'key_owner_unsuitable',
      'key_scope_exceeded',
    ],
    responses: { 200: KeyIssued },
  }),
  revoke: operation({
    method: 'DELETE',
    path: '/api/v1/keys/{keyId}',
    summary: 'End an API key at once: who administers keys anybody’s, others their own',
    permission: 'key.revoke',
    scope: 'tenant',
    params,
    problems: ['key_not_found'],
    responses: { 204: z.null() },
  }),
}

import { NewSecret, RotateSecret, SecretLeaseView, SecretName, SecretView } from '@azora/contracts'
import type { Secrets } from '@azora/secrets'
import { z } from 'zod'
import type { App } from '../app.ts'

const Params = z.strictObject({ name: SecretName })
const OWNER = { access: 'owner' } as const

/** Secrets: values come in and are never shown. */
export function secretRoutes(app: App, secrets: Secrets): void {
  app.route({
    method: 'GET',
    url: '/api/v1/secrets',
    config: OWNER,
    schema: {
      summary: 'Secrets without their values',
      response: { 200: z.strictObject({ items: z.array(SecretView) }) },
    },
    handler: async ({ principal }) => ({ items: secrets.list(principal.tenant) }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/secrets',
    config: OWNER,
    schema: {
      summary: 'Put a secret; nobody can read its value again',
      body: NewSecret,
      response: { 201: SecretView },
    },
    handler: async ({ principal, body }, reply) => reply.code(201).send(await secrets.put(principal, body)),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/secrets/:name/rotate',
    config: OWNER,
    schema: {
      summary: 'Give a secret a new value; leases of the old one last until their actions end, unless "now" is set',
      params: Params,
      body: RotateSecret,
      response: { 200: SecretView },
    },
    handler: async ({ principal, params, body }) => secrets.rotate(principal, params.name, body),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/secrets/:name/revoke',
    config: OWNER,
    schema: {
      summary: 'End every version and every lease of a secret at once',
      params: Params,
      response: { 200: SecretView },
    },
    handler: async ({ principal, params }) => secrets.revoke(principal, params.name),
  })
  app.route({
    method: 'DELETE',
    url: '/api/v1/secrets/:name',
    config: OWNER,
    schema: { summary: 'Remove a secret; its leases end at once', params: Params, response: { 204: z.null() } },
    handler: async ({ principal, params }, reply) => {
      await secrets.remove(principal, params.name)
      return reply.code(204).send(null)
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/secrets/:name/uses',
    config: OWNER,
    schema: {
      summary: 'Who used a secret, for what: its newest 200 leases',
      params: Params,
      response: { 200: z.strictObject({ items: z.array(SecretLeaseView) }) },
    },
    handler: async ({ principal, params }) => ({ items: await secrets.uses(principal.tenant, params.name) }),
  })
}

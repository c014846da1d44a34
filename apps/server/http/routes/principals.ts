import { NewPrincipal, PrincipalCreated, PrincipalView } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import type { Identity } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'

export interface PrincipalRouteDeps {
  identity: Identity
  journal: Pick<Journal, 'append'>
  dispatcher: Pick<Dispatcher, 'expel'>
}

const Params = z.strictObject({ principalId: PrincipalView.shape.id })

/** Who may act: the owner adds and removes them. Each change is on record before it holds. */
export function principalRoutes(app: App, { identity, journal, dispatcher }: PrincipalRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/principals',
    config: { access: 'owner' },
    schema: { summary: 'Who may act', response: { 200: z.strictObject({ items: z.array(PrincipalView) }) } },
    handler: async ({ principal }) => ({ items: (await identity.list(principal.tenant)).map(viewOf) }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/principals',
    config: { access: 'owner' },
    schema: {
      summary: 'Add somebody with a role; the answer holds the token, which nobody can read again',
      body: NewPrincipal,
      response: { 201: PrincipalCreated },
    },
    handler: async ({ principal: { id: actor, tenant }, body }, reply) => {
      const { id, roles, keys } = body
      const token = await identity.add({ id, tenant, roles, keys }, () =>
        journal.append({ kind: 'principal.added', tenant, actor, payload: { principal: id, roles, keys } }),
      )
      return reply.code(201).send({ id, roles, keys, token })
    },
  })
  app.route({
    method: 'DELETE',
    url: '/api/v1/principals/:principalId',
    config: { access: 'owner' },
    schema: { summary: 'Remove a person; their token ends at once', params: Params, response: { 204: z.null() } },
    handler: async ({ principal: { id: actor, tenant }, params }, reply) => {
      const id = params.principalId
      await identity.remove(tenant, id, () =>
        journal.append({ kind: 'principal.removed', tenant, actor, payload: { principal: id } }),
      )
      // A node may be connected with the token that has ended.
      dispatcher.expel(id)
      return reply.code(204).send(null)
    },
  })
}

const viewOf = ({ id, roles, keys }: PrincipalView): PrincipalView => ({ id, roles, keys })

import { operations, type PrincipalView } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import type { Identity, SignIn } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

export interface PrincipalRouteDeps {
  identity: Identity
  sessions: Pick<SignIn['sessions'], 'endAll'>
  journal: Pick<Journal, 'append'>
  dispatcher: Pick<Dispatcher, 'expel'>
}

const { list, add, remove } = operations.principals

/** Who may act: the owner adds and removes them. Each change is on record before it holds. */
export function principalRoutes(app: App, { identity, sessions, journal, dispatcher }: PrincipalRouteDeps): void {
  serve(app, list, async ({ principal }) => ({ items: (await identity.list(principal.tenant)).map(viewOf) }))
  serve(app, add, async ({ principal: { id: actor, tenant }, body }) => {
    const { id, roles, keys } = body
    const token = await identity.add({ id, tenant, roles, keys }, () =>
      journal.append({ kind: 'principal.added', tenant, actor, payload: { principal: id, roles, keys } }),
    )
    return { id, roles, keys, token }
  })
  serve(app, remove, async ({ principal: { id: actor, tenant }, params }) => {
    const id = params.principalId
    await identity.remove(tenant, id, async () => {
      await journal.append({ kind: 'principal.removed', tenant, actor, payload: { principal: id } })
      // Whoever gets the name next must not find them.
      await sessions.endAll({ id: actor, tenant }, id, 'principal_removed')
    })
    // A node may be connected with the token that has ended.
    dispatcher.expel(id)
    return null
  })
}

const viewOf = ({ id, roles, keys }: PrincipalView): PrincipalView => ({ id, roles, keys })

import { AzoraError } from '@azora/base'
import { isLimitable, operations, type PrincipalView, type Right } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import {
  type AboutRun,
  explain,
  type Identity,
  type Principal,
  requirePermission,
  requirePermissionForSome,
  type Scim,
  type SignIn,
} from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { requireLasting } from '../sign-in/lasting.ts'

export interface PrincipalRouteDeps {
  identity: Identity
  signIn: Pick<SignIn, 'leave'>
  scim: Pick<Scim, 'disown'>
  journal: Pick<Journal, 'append'>
  dispatcher: Pick<Dispatcher, 'expel'>
  orchestrator: Pick<Orchestrator, 'show' | 'review'>
}

const { list, get, add, remove, can } = operations.principals

/** Who may act, and what. Who adds or removes somebody may do all that they may. Each change is on record before it holds. */
export function principalRoutes(app: App, deps: PrincipalRouteDeps): void {
  const { identity, signIn, scim, journal, dispatcher, orchestrator } = deps
  serve(app, list, async ({ principal }) => ({ items: (await identity.list(principal.tenant)).map(viewOf) }))
  serve(app, get, async ({ principal, params: { principalId } }) => {
    const found = await identity.find(principal.tenant, principalId)
    if (found) return viewOf(found)
    throw notFound(principalId)
  })
  serve(app, add, async ({ principal, caller, body }) => {
    requireLasting(caller)
    const { id: actor, tenant } = principal
    const { id, roles, keys } = body
    await identity.roles.requireMayGive(principal, roles)
    const token = await identity.add({ id, tenant, roles, keys }, async () => {
      await journal.append({ kind: 'principal.added', tenant, actor, payload: { principal: id, roles, keys } })
      await scim.disown(tenant, id)
    })
    // A service comes in with its API keys only, which all end some day.
    return { id, roles, keys, ...(!id.startsWith('service:') && { token }) }
  })
  serve(app, remove, async ({ principal, params }) => {
    const { id: actor, tenant } = principal
    const id = params.principalId
    const removed = await identity.find(tenant, id)
    if (removed) await identity.roles.requireMayGive(principal, removed.roles)
    await identity.remove(tenant, id, async () => {
      await journal.append({ kind: 'principal.removed', tenant, actor, payload: { principal: id } })
      await signIn.leave({ id: actor, tenant }, id)
    })
    // A node may be connected with the token that has ended.
    dispatcher.expel(id)
    return null
  })
  serve(app, can, async ({ principal, params: { principalId }, query: { action, resource } }) => {
    if (principalId !== principal.id) requirePermission(principal, 'principal.read')
    // What one's credential allows may be less than what one could do with another.
    const who = principalId === principal.id ? principal : await identity.find(principal.tenant, principalId)
    if (!who) throw notFound(principalId)
    if (resource === undefined) return explain(who, action)
    return { ...explain(who, action, await runOf(orchestrator, principal, action, resource)), resource }
  })
}

/** The run that a right is asked about; for what is about reviews that of the review. Throws when the asker may not see it. */
async function runOf(
  orchestrator: PrincipalRouteDeps['orchestrator'],
  asker: Principal,
  action: Right,
  resource: string,
): Promise<AboutRun> {
  if (!isLimitable(action))
    throw new AzoraError('fix', 'right_without_resource', `${action} holds for all things of its kind`, {
      remedy: 'Ask without a resource.',
    })
  requirePermissionForSome(asker, 'run.read')
  if (!action.startsWith('review.')) return orchestrator.show(asker, resource)
  requirePermissionForSome(asker, 'review.read')
  const { agentId, runOwner: owner } = await orchestrator.review(asker, resource)
  return { agentId, owner }
}

const viewOf = ({ id, roles, keys }: PrincipalView): PrincipalView => ({ id, roles, keys })

const notFound = (id: string): AzoraError =>
  new AzoraError('missing', 'principal_not_found', `there is no ${id}`, { remedy: 'List them: azora identity list' })

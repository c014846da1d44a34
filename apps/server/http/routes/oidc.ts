import { AzoraError, toAzoraError } from '@azora/base'
import { operations } from '@azora/contracts'
import type { Identity, SignIn } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { sessionCookie } from '../sign-in/cookie.ts'
import { requireLasting } from '../sign-in/lasting.ts'
import { ticketCookie, ticketOf } from '../sign-in/ticket-cookie.ts'

export interface OidcRouteDeps {
  signIn: Pick<SignIn, 'oidc' | 'links' | 'sessions' | 'attempts'>
  identity: Pick<Identity, 'find' | 'roles'>
  journal: Pick<Journal, 'append'>
  origin: () => string
}

const { methods, begin, callback, links, link, unlink } = operations.oidc
const BEGIN = begin.path
const CALLBACK = callback.path

/** Signing in at a provider, and who there is who here. */
export function oidcRoutes(app: App, { signIn, identity, journal, origin }: OidcRouteDeps): void {
  const { oidc, sessions, attempts } = signIn
  serve(app, methods, async () => (oidc ? { oidc: { issuer: oidc.issuer, url: BEGIN } } : {}))

  serve(app, begin, async (_call, reply) => {
    const provider = configured(oidc)
    await attempts.pace(reply.request.ip)
    const { url, ticket } = await provider.begin(`${origin()}${CALLBACK}`)
    return reply
      .header('set-cookie', ticketCookie(origin(), ticket))
      .header('cache-control', 'no-store')
      .redirect(url, 302)
  })

  serve(app, callback, async (_call, reply) => {
    const provider = configured(oidc)
    const { request } = reply
    reply.header('cache-control', 'no-store').header('set-cookie', ticketCookie(origin(), ''))
    try {
      const principal = await attempts.guard('oidc', request.ip, async () => {
        const linked = await provider.finish(new URL(request.url, origin()), ticketOf(request, origin()))
        const found = await identity.find(linked.tenant, linked.principal)
        if (found) return found
        throw new AzoraError('forbidden', 'oidc_unknown', 'who signed in is linked with somebody who is gone')
      })
      const { secret, session } = await sessions.start(principal, 'oidc')
      reply.header('set-cookie', sessionCookie(origin(), secret, session.expiresAt))
      return reply.redirect('/sign-in', 302)
    } catch (thrown) {
      const { advice, code } = toAzoraError(thrown)
      if (advice === 'bug') throw thrown
      return reply.redirect(`/sign-in#error=${code}`, 302)
    }
  })

  serve(app, links, async ({ principal: { tenant } }) => ({ items: await signIn.links.list(tenant) }))

  serve(app, link, async ({ principal, caller, params: { principalId }, body: { email } }) => {
    requireLasting(caller)
    const { id: actor, tenant } = principal
    const { issuer } = configured(oidc)
    const linked = await identity.find(tenant, principalId)
    if (!linked) throw new AzoraError('missing', 'principal_not_found', `there is no ${principalId}`)
    // Whoever is linked may do what the principal may.
    await identity.roles.requireMayGive(principal, linked.roles)
    const known = await signIn.links.list(tenant)
    // What is refused should not be on record as if it held; whoever links the same address meanwhile is still told apart.
    if (known.some((one) => one.issuer === issuer && one.email === email && one.principal !== principalId))
      throw taken()
    await journal.append({ kind: 'sign_in.linked', tenant, actor, payload: { principal: principalId, issuer } })
    if (!(await signIn.links.put(tenant, { principal: principalId, issuer, email }))) throw taken()
    return { principal: principalId, issuer, email, used: false }
  })

  serve(app, unlink, async ({ principal, params: { principalId } }) => {
    const { id: actor, tenant } = principal
    const known = (await signIn.links.list(tenant)).some(({ principal }) => principal === principalId)
    if (!known) throw new AzoraError('missing', 'link_not_found', `${principalId} is linked with nobody`)
    await identity.roles.requireMayGive(principal, (await identity.find(tenant, principalId))?.roles ?? [])
    await journal.append({ kind: 'sign_in.unlinked', tenant, actor, payload: { principal: principalId } })
    await signIn.links.remove(tenant, principalId)
    await sessions.endAll({ id: actor, tenant }, principalId, 'ended')
    return null
  })
}

const taken = (): AzoraError => new AzoraError('conflict', 'link_taken', 'the address is linked with another principal')

function configured<T>(oidc: T | undefined): T {
  if (oidc !== undefined) return oidc
  throw new AzoraError('missing', 'oidc_not_configured', 'this server has no provider to sign in at')
}

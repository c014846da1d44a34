import { AzoraError } from '@azora/base'
import { operations, type SessionView, type WhoAmI } from '@azora/contracts'
import {
  type Caller,
  csrfTokenOf,
  type Identity,
  may,
  type Principal,
  requirePermission,
  type SignIn,
} from '@azora/identity'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { endedCookie, sessionCookie } from '../sign-in/cookie.ts'
import { credentialOf, requireSameOrigin } from '../sign-in/credential.ts'

export interface SessionRouteDeps {
  signIn: SignIn
  identity: Pick<Identity, 'find'>
  origin: () => string
}

const { start, current, signOut, list, end, endAll } = operations.sessions

/** Who is signed in: people see and end their own sessions, who administers sessions everybody's. */
export function sessionRoutes(app: App, { signIn: { sessions, attempts }, identity, origin }: SessionRouteDeps): void {
  serve(app, start, async ({ body: { code } }, reply) => {
    requireSameOrigin(reply.request, origin())
    const principal = await attempts.guard('link', reply.request.ip, async () => {
      const found = await sessions.takeCode(code)
      const known = found && (await identity.find(found.tenant, found.principal))
      if (known) return known
      throw linkInvalid()
    })
    const { secret, session } = await sessions.start(principal, 'link')
    reply.header('set-cookie', sessionCookie(origin(), secret, session.expiresAt)).header('cache-control', 'no-store')
    return { ...describe(principal), session, csrfToken: csrfTokenOf(secret) }
  })
  serve(app, current, async ({ principal, caller }, reply) => {
    const secret = cookieSecretOf(reply.request, origin())
    reply.header('cache-control', 'no-store')
    return {
      ...describe(principal),
      ...(principal.scopes && { scopes: [...principal.scopes] }),
      ...(caller?.session && { session: caller.session }),
      ...(secret !== undefined && { csrfToken: csrfTokenOf(secret) }),
    }
  })
  serve(app, signOut, async ({ principal, caller }, reply) => {
    await sessions.end(principal, sessionOf(caller), 'signed_out')
    forgetCookie(reply, origin())
    return null
  })
  serve(app, list, async ({ principal }) => ({
    items: await sessions.list(principal.tenant, may(principal, 'session.administer') ? undefined : principal.id),
  }))
  serve(app, end, async ({ principal, params: { sessionId } }) => {
    const session = await sessions.get(principal.tenant, sessionId)
    requireOwn(principal, session.principal)
    await sessions.end(principal, session, 'ended')
    return null
  })
  serve(app, endAll, async ({ principal, body }, reply) => {
    const whose = body.principal ?? principal.id
    requireOwn(principal, whose)
    const ended = await sessions.endAll(principal, whose, 'ended')
    if (whose === principal.id) forgetCookie(reply, origin())
    return { ended }
  })
}

const describe = ({ id, tenant, roles }: Principal): WhoAmI => ({ principal: id, tenant, roles })

function requireOwn(principal: Principal, whose: string): void {
  if (principal.id !== whose) requirePermission(principal, 'session.administer')
}

/** Throws `no_session` for a request that is made with something else. */
export function sessionOf(caller: Caller | undefined): SessionView {
  if (caller?.session) return caller.session
  throw new AzoraError('conflict', 'no_session', 'this request is not made in a session', {
    remedy: 'A token ends when its principal is removed; sessions are ended with azora identity sessions end.',
  })
}

function cookieSecretOf(request: FastifyRequest, origin: string): string | undefined {
  const credential = credentialOf(request, origin)
  return credential.kind === 'cookie' ? credential.secret : undefined
}

const forgetCookie = (reply: FastifyReply, origin: string): void => void reply.header('set-cookie', endedCookie(origin))

const linkInvalid = (): AzoraError =>
  new AzoraError('authenticate', 'sign_in_code_invalid', 'the link was used, is too old or never was', {
    remedy: 'Make a new one: azora login --link',
  })

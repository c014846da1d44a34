import { operations } from '@azora/contracts'
import { KEY_CACHE_SECONDS, type SignIn } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { requireLasting } from '../sign-in/lasting.ts'
import { SIGN_IN_PAGE } from '../sign-in/page.ts'

export interface SignInRouteDeps {
  signIn: SignIn
  journal: Pick<Journal, 'append'>
  origin: () => string
}

const { page, link, token, keys, rotateKey } = operations.signIn

/** What people and services sign in with. */
export function signInRoutes(app: App, { signIn, journal, origin }: SignInRouteDeps): void {
  serve(app, page, async (_call, reply) =>
    reply.type('text/html; charset=utf-8').headers(SIGN_IN_PAGE.headers).send(SIGN_IN_PAGE.html),
  )
  serve(app, link, async ({ principal, caller }) => {
    requireLasting(caller)
    const { code, expiresAtMs } = await signIn.sessions.createCode(principal)
    return { url: `${origin()}/sign-in#code=${code}`, expiresAt: new Date(expiresAtMs).toISOString() }
  })
  serve(app, token, async ({ principal, caller, body: { audience, seconds } }, reply) => {
    requireLasting(caller)
    const session = caller?.session?.sessionId
    reply.header('cache-control', 'no-store')
    const issued = await signIn.tokens.issue(principal, { session, audience, seconds })
    return { access_token: issued, token_type: 'Bearer' as const, expires_in: seconds }
  })
  serve(app, keys, async (_call, reply) => {
    reply.header('cache-control', `public, max-age=${KEY_CACHE_SECONDS}`)
    return signIn.keys.published()
  })
  serve(app, rotateKey, async ({ principal: { id: actor, tenant }, body: { now } }) => {
    await signIn.keys.rotate({
      now,
      record: (key) => journal.append({ kind: 'sign_in.key_rotated', tenant, actor, payload: { key, now } }),
    })
    return signIn.keys.published()
  })
}

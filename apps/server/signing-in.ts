import type { Clock, KeyWrap, Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import { createSignIn, type Identity, type OidcSettings, type SignIn } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from './http/app.ts'
import { originOf } from './http/origin.ts'
import { deviceRoutes } from './http/routes/devices.ts'
import { keyRoutes } from './http/routes/keys.ts'
import { oidcRoutes } from './http/routes/oidc.ts'
import { sessionRoutes } from './http/routes/sessions.ts'
import { signInRoutes } from './http/routes/sign-in.ts'
import { signingKeyRoutes } from './http/routes/signing-key.ts'

export interface SigningInDeps {
  db: Db
  identity: Identity
  journal: Pick<Journal, 'append'>
  keyWrap: KeyWrap
  tenant: string
  publicUrl: string | undefined
  oidc: OidcSettings | undefined
  clock: Clock
  log: Log
}

/** How people and services sign in, and where. */
export interface SigningIn extends SignIn {
  /** The server's own URL, as browsers see it; that where it listens unless one is set. */
  origin: () => string
  /** Serves it. */
  routes(app: App): void
}

export function openSigningIn(deps: SigningInDeps): SigningIn {
  const { db, identity, journal, keyWrap, tenant, publicUrl, oidc, clock, log } = deps
  let listening: App | undefined
  let known: string | undefined
  const origin = (): string => {
    if (publicUrl !== undefined) return publicUrl
    if (!listening?.server.listening) return originOf(listening)
    known ??= originOf(listening)
    return known
  }
  const record = (draft: Parameters<typeof journal.append>[0]) => journal.append(draft)
  const signIn = createSignIn({ db, identity, record, keyWrap, origin, tenant, oidc, clock, log })
  return {
    ...signIn,
    origin,
    routes(app) {
      listening = app
      signInRoutes(app, { signIn, journal, origin })
      deviceRoutes(app, { signIn, identity, origin })
      oidcRoutes(app, { signIn, identity, journal, origin })
      keyRoutes(app, signIn)
      sessionRoutes(app, { signIn, identity, origin })
      signingKeyRoutes(app, { identity, journal, clock })
    },
  }
}

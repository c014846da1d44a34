import type { Clock, KeyWrap, Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import { type ApiKeys, createApiKeys } from './api-keys/keys.ts'
import { createKeyLookup } from './api-keys/lookup.ts'
import type { Identity } from './identity.ts'
import { type AccessTokens, createAccessTokens } from './sign-in/access-tokens.ts'
import { type Attempts, createAttempts } from './sign-in/attempts.ts'
import { createDevices, type Devices } from './sign-in/devices.ts'
import { createLeave, type Leave } from './sign-in/leave.ts'
import { createOidc, type Oidc, type OidcSettings } from './sign-in/oidc.ts'
import type { RecordSignIn } from './sign-in/record.ts'
import { createResolver, type Resolver } from './sign-in/resolver.ts'
import { createSessions, SESSION_LIMITS, type SessionLimits, type Sessions } from './sign-in/sessions.ts'
import { createSigningKeys, type SigningKeys } from './sign-in/signing-keys.ts'
import { createApiKeyStore } from './store/api-keys.ts'
import { createDeviceStore } from './store/devices.ts'
import { createLinkStore, type LinkStore } from './store/links.ts'
import { createSessionStore } from './store/sessions.ts'
import { createSigningKeyStore } from './store/signing-keys.ts'

/** How people get from what they have to a principal. */
export interface SignIn {
  sessions: Sessions
  tokens: AccessTokens
  keys: SigningKeys
  devices: Devices
  attempts: Attempts
  /** Undefined where no provider is set. */
  oidc: Oidc | undefined
  links: LinkStore
  /** Ends all that a principal came in with. */
  leave: Leave
  apiKeys: ApiKeys
  /** The only way from a request to who makes it. */
  resolve: Resolver
}

export interface SignInDeps {
  db: Db
  identity: Identity
  record: RecordSignIn
  /** What the private keys of access tokens are kept under. */
  keyWrap: KeyWrap
  /** The server's own URL, as others see it. */
  origin: () => string
  /** Where failed attempts are on record: who fails has no tenant yet. */
  tenant: string
  limits?: SessionLimits
  oidc?: OidcSettings | undefined
  clock: Clock
  log: Log
}

/** Needs the schema that `createIdentity` makes. */
export function createSignIn(deps: SignInDeps): SignIn {
  const { db, identity, record, keyWrap, origin, tenant, limits = SESSION_LIMITS, clock, log } = deps
  const sessions = createSessions({ store: createSessionStore(db), record, limits, clock })
  const links = createLinkStore(db)
  const keys = createSigningKeys({ store: createSigningKeyStore(db), keyWrap, clock })
  const devices = createDeviceStore(db)
  const tokens = createAccessTokens({ keys, issuer: origin, clock })
  const keyStore = createApiKeyStore(db)
  const lookup = createKeyLookup({ store: keyStore, identity, clock, log })
  const apiKeys = createApiKeys({ store: keyStore, lookup, identity, record, clock })
  return {
    sessions,
    tokens,
    keys,
    devices: createDevices({ store: devices, clock }),
    links,
    apiKeys,
    leave: createLeave({ links, sessions, devices, apiKeys }),
    oidc: deps.oidc && createOidc(deps.oidc, { links, clock }),
    attempts: createAttempts({ record, tenant, clock, log }),
    resolve: createResolver({ identity, sessions, tokens, apiKeys: lookup }),
  }
}

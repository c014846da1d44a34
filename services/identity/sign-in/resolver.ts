import { AzoraError } from '@azora/base'
import type { SessionView } from '@azora/contracts'
import { isApiKey, type KeyLookup } from '../api-keys/lookup.ts'
import type { Identity } from '../identity.ts'
import type { Principal } from '../principal.ts'
import type { AccessTokens } from './access-tokens.ts'
import { isSessionSecret, type Sessions } from './sessions.ts'

/** What a caller shows to say who they are. */
export type Credential = { kind: 'none' } | { kind: 'bearer'; token: string } | { kind: 'cookie'; secret: string }

/** Who calls, and in which session, if in any. */
export interface Caller {
  principal: Principal
  /** An access token is for calling others with, so nothing that lives longer may be had with one. */
  via: 'token' | 'session' | 'access_token' | 'key'
  session?: SessionView
  /** Of an API key. */
  keyId?: string
  /** The credential ends by itself then, in milliseconds since 1970; a token of a principal does not. */
  untilMs?: number
}

/** Throws `unauthenticated`, the same for whatever is wrong. */
export type Resolver = (credential: Credential) => Promise<Caller>

/**
 * Every credential leads to a principal that exists at this moment, so removing somebody ends all that they hold.
 */
export function createResolver(deps: {
  identity: Pick<Identity, 'authenticate' | 'find' | 'tenants'>
  sessions: Pick<Sessions, 'find' | 'isLive'>
  tokens: Pick<AccessTokens, 'verify'>
  apiKeys: Pick<KeyLookup, 'find'>
}): Resolver {
  const { identity, sessions, tokens, apiKeys } = deps

  async function bySession(secret: string): Promise<Caller> {
    const found = await sessions.find(secret)
    const principal = found && (await identity.find(found.tenant, found.session.principal))
    if (!principal) throw unauthenticated()
    return { principal, via: 'session', session: found.session, untilMs: Date.parse(found.session.expiresAt) }
  }

  async function byAccessToken(token: string): Promise<Caller> {
    const claims = await tokens.verify(token)
    if (!claims) throw unauthenticated()
    const [principal, live] = await Promise.all([
      identity.find(claims.tenant, claims.principal),
      claims.session === undefined || sessions.isLive(claims.tenant, claims.session),
    ])
    if (!principal || !live) throw unauthenticated()
    const had = (role: string): boolean => claims.roles.includes(role)
    const { roles, custom } = principal
    const mine = custom && { custom: custom.filter(({ name }) => had(name)) }
    return {
      principal: { ...principal, roles: roles.filter(had), ...mine },
      via: 'access_token',
      untilMs: claims.untilMs,
    }
  }

  async function byKey(secret: string): Promise<Caller> {
    const found = await apiKeys.find(secret)
    if (!found) throw unauthenticated()
    identity.tenants.requireActive(found.principal.tenant)
    return { principal: found.principal, via: 'key', keyId: found.keyId, untilMs: found.untilMs }
  }

  return async (credential) => {
    if (credential.kind === 'none') throw unauthenticated()
    if (credential.kind === 'cookie') return bySession(credential.secret)
    const { token } = credential
    if (isSessionSecret(token)) return bySession(token)
    if (isApiKey(token)) return byKey(token)
    if (isJwt(token)) return byAccessToken(token)
    return { principal: await identity.authenticate(token), via: 'token' }
  }
}

const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) && token.length <= 4_096

const unauthenticated = (): AzoraError =>
  new AzoraError('authenticate', 'unauthenticated', 'this needs a valid bearer token or session', {
    remedy: 'Sign in again, or send "Authorization: Bearer <token>".',
  })

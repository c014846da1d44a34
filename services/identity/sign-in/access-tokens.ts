import { type Clock, uuidv7 } from '@azora/base'
import { type Role, Tenant } from '@azora/contracts'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import type { Principal } from '../principal.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What a token of ours says, once its signature is checked. */
export interface TokenClaims {
  principal: string
  tenant: string
  /** What the principal was when it was issued: a token never gives more than this. */
  roles: string[]
  /** The session that it was issued in, with which it ends. */
  session: string | undefined
  /** It expires then, in milliseconds since 1970. */
  untilMs: number
}

/** Short-lived JWTs (RFC 7519, profile of RFC 9068) signed with EdDSA (RFC 8037). */
export interface AccessTokens {
  /** @param audience who shall accept it: this server's own when absent */
  issue(
    principal: Principal,
    options: { session: string | undefined; audience: string | undefined; seconds: number },
  ): Promise<string>
  /** Undefined for all that isn't a token of this server, for this server, at this time. */
  verify(token: string): Promise<TokenClaims | undefined>
}

const TYPE = 'at+jwt'
const AUDIENCE = 'azora'

/** @param issuer the server's own URL, as others see it */
export function createAccessTokens(deps: { keys: SigningKeys; issuer: () => string; clock: Clock }): AccessTokens {
  const { keys, issuer, clock } = deps
  return {
    async issue({ id, tenant, roles }, { session, audience, seconds }) {
      const { kid, key } = await keys.signer()
      const now = Math.floor(clock.now() / 1_000)
      return new SignJWT({ tenant, roles, ...(session !== undefined && { sid: session }) })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid })
        .setIssuer(issuer())
        .setAudience(audience ?? AUDIENCE)
        .setSubject(id)
        .setJti(uuidv7(clock.now()))
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(key)
    },
    async verify(token) {
      try {
        const { kid = '' } = decodeProtectedHeader(token)
        const key = await keys.verifier(kid)
        if (!key) return undefined
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['EdDSA'],
          typ: TYPE,
          issuer: issuer(),
          audience: AUDIENCE,
          requiredClaims: ['sub', 'exp', 'iat', 'tenant', 'roles'],
          currentDate: new Date(clock.now()),
        })
        return claimsOf(payload)
      } catch (thrown) {
        // Whatever is wrong with it, it is no token of ours: the caller learns nothing more.
        if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return undefined
        throw thrown
      }
    },
  }
}

function claimsOf(payload: Record<string, unknown>): TokenClaims | undefined {
  const { sub, tenant, roles, sid, exp } = payload
  const parsed = Tenant.safeParse(tenant)
  if (typeof sub !== 'string' || !parsed.success || !Array.isArray(roles)) return undefined
  return {
    principal: sub,
    tenant: parsed.data,
    roles: roles.filter((role): role is Role => typeof role === 'string'),
    session: typeof sid === 'string' ? sid : undefined,
    untilMs: Number(exp) * 1_000,
  }
}

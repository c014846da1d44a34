import { z } from 'zod'
import { KeyScope } from './api-key.ts'
import { Timestamp } from './names.ts'
import { RoleName, VerifierKey } from './principal.ts'
import { PrincipalId, Tenant } from './run.ts'

/** How somebody signed in: by a one-time link, as a device that somebody approved, or at a provider (OpenID Connect). */
export const SignInMethod = z.enum(['link', 'device', 'oidc'])
export type SignInMethod = z.infer<typeof SignInMethod>

/** Why a session ended before its time. */
export const SessionEnd = z.enum(['signed_out', 'ended', 'principal_removed'])
export type SessionEnd = z.infer<typeof SessionEnd>

/** A session as its owner sees it; nothing of it lets anybody sign in. */
export const SessionView = z.strictObject({
  sessionId: z.uuid(),
  principal: PrincipalId,
  method: SignInMethod,
  startedAt: Timestamp,
  /** To the minute. */
  usedAt: Timestamp,
  /** It ends then at the latest. */
  expiresAt: Timestamp,
  /** It ends then unless it is used before. */
  idleUntil: Timestamp,
})
export type SessionView = z.infer<typeof SessionView>

/** `GET /api/v1/session`: who the caller is. */
export const WhoAmI = z.strictObject({
  principal: PrincipalId,
  tenant: Tenant,
  roles: z.array(RoleName),
  /** For API keys: what the key allows of what the roles allow. */
  scopes: z.array(KeyScope).exactOptional(),
  session: SessionView.exactOptional(),
  /** What a browser sends as `X-Azora-CSRF` with all that changes something; for sessions in a cookie only. */
  csrfToken: z.string().exactOptional(),
})
export type WhoAmI = z.infer<typeof WhoAmI>

/** What a person signs, as canonical JSON (RFC 8785), with the key that is to be theirs: so nobody claims another's. */
export const KeyStatement = z.strictObject({
  type: z.literal('azora.signing-key.v1'),
  principal: PrincipalId,
  tenant: Tenant,
  /** The session in which it is added. */
  sessionId: z.uuid(),
})

/** `POST /api/v1/session/signing-key` */
export const AddSigningKey = z.strictObject({
  statement: KeyStatement,
  /** Ed25519 (RFC 8032) over the statement's canonical JSON, in base64. */
  signature: z.string().max(100),
  key: VerifierKey,
})
export type AddSigningKey = z.infer<typeof AddSigningKey>

export const SigningKeyAdded = z.strictObject({ principal: PrincipalId, key: VerifierKey })
export type SigningKeyAdded = z.infer<typeof SigningKeyAdded>

/** `POST /api/v1/sign-in-links` */
export const SignInLink = z.strictObject({
  /** Signs in whoever opens it first; the secret is behind the `#`, so that no server's log has it. */
  url: z.url(),
  expiresAt: Timestamp,
})
export type SignInLink = z.infer<typeof SignInLink>

/** `POST /api/v1/session` */
export const StartSession = z.strictObject({ code: z.string().max(200) })

/** `POST /api/v1/sessions/end` */
export const EndSessions = z.strictObject({
  /** Whose sessions; one's own when absent. */
  principal: PrincipalId.exactOptional(),
})
export type EndSessions = z.infer<typeof EndSessions>

export const EndedSessions = z.strictObject({ ended: z.int().min(0) })
export type EndedSessions = z.infer<typeof EndedSessions>

/** `POST /api/v1/tokens` */
export const TokenRequest = z.strictObject({
  /** Who shall accept it; this server when absent. A token for others is not accepted here. */
  audience: z.string().min(1).max(200).exactOptional(),
  seconds: z.int().min(60).max(900).default(600),
})
export type TokenRequest = z.input<typeof TokenRequest>

/** Named as in RFC 6749, section 5.1. */
export const TokenIssued = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
})
export type TokenIssued = z.infer<typeof TokenIssued>

/** A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037). */
export const KeySet = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
})
export type KeySet = z.infer<typeof KeySet>

/** `POST /api/v1/sign-in-keys/rotate` */
export const RotateSignInKey = z.strictObject({
  /** Nothing that the keys before it signed is accepted any more. */
  now: z.boolean().default(false),
})
export type RotateSignInKey = z.input<typeof RotateSignInKey>

/** `GET /api/v1/sign-in-methods` */
export const SignInMethods = z.strictObject({
  /** Where people sign in that are linked with somebody of there; absent when there is none. */
  oidc: z.strictObject({ issuer: z.url(), url: z.string() }).exactOptional(),
})
export type SignInMethods = z.infer<typeof SignInMethods>

/** `POST /api/v1/principals/{principalId}/link` */
export const LinkPrincipal = z.strictObject({
  /** Who signs in at the provider with this address, which it has to have verified. */
  email: z.email().max(254).toLowerCase(),
})
export type LinkPrincipal = z.input<typeof LinkPrincipal>

/** Whom somebody at the provider signs in as. */
export const PrincipalLink = z.strictObject({
  principal: PrincipalId,
  issuer: z.url(),
  email: z.string(),
  /** The first sign-in tied it to the provider's own name of them: from then on the address doesn't matter. */
  used: z.boolean(),
})
export type PrincipalLink = z.infer<typeof PrincipalLink>

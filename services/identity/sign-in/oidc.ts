import { AzoraError, type Clock } from '@azora/base'
import * as client from 'openid-client'
import type { Linked, LinkStore } from '../store/links.ts'
import { createPending } from './pending.ts'

/** A provider of OpenID Connect, and this installation as its client. */
export interface OidcSettings {
  /** Its URL; https, or http on this machine. */
  issuer: string
  clientId: string
  /** Absent for a public client, which has PKCE alone. */
  clientSecret: string | undefined
}

/** A browser that was sent to the provider. */
export interface Begun {
  /** Where it goes. */
  url: string
  /** What it has to bring along when it comes back: who begins is who ends. */
  ticket: string
}

/** Signing in at a provider: authorization code with PKCE (RFC 7636), state and nonce (OpenID Connect Core 1.0, 3.1). */
export interface Oidc {
  readonly issuer: string
  /** Throws `oidc_unavailable`. */
  begin(redirectUri: string): Promise<Begun>
  /**
   * Whom the browser that has come back signs in as.
   *
   * @param here the URL that the provider sent it to
   * @throws AzoraError `oidc_refused`, `oidc_unknown`, `oidc_unavailable`
   */
  finish(here: URL, ticket: string | undefined): Promise<Linked>
}

interface Attempt {
  state: string
  nonce: string
  verifier: string
}

const ANSWER_SECONDS_MAX = 10
/** A provider's keys and addresses are asked for again after so long. */
const DISCOVERY_MS = 3_600_000
const CHARS_MAX = 255

export function createOidc(settings: OidcSettings, deps: { links: Pick<LinkStore, 'use'>; clock: Clock }): Oidc {
  const { issuer, clientId, clientSecret } = settings
  const { links, clock } = deps
  const pending = createPending<Attempt>(clock)
  let discovered: { config: client.Configuration; atMs: number } | undefined

  async function configuration(): Promise<client.Configuration> {
    if (discovered && clock.now() - discovered.atMs < DISCOVERY_MS) return discovered.config
    const insecure = new URL(issuer).protocol === 'http:' ? [client.allowInsecureRequests] : []
    const config = await client
      .discovery(new URL(issuer), clientId, clientSecret, clientSecret ? undefined : client.None(), {
        execute: insecure,
        timeout: ANSWER_SECONDS_MAX,
      })
      .catch((thrown) => {
        throw unavailable(thrown)
      })
    discovered = { config, atMs: clock.now() }
    return config
  }

  return {
    issuer,
    async begin(redirectUri) {
      const config = await configuration()
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, ticket: pending.put(attempt) }
    },
    async finish(here, ticket) {
      const attempt = ticket === undefined ? undefined : pending.take(ticket)
      if (!attempt) throw refused('this browser did not begin to sign in here, or too long ago')
      const tokens = await client
        .authorizationCodeGrant(await configuration(), here, {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.verifier,
          idTokenExpected: true,
        })
        .catch((thrown) => {
          throw isAnswer(thrown) ? refused(thrown.message, thrown) : unavailable(thrown)
        })
      const claims = tokens.claims()
      if (!claims || claims.sub.length > CHARS_MAX) throw refused('the provider does not say who it is')
      const linked = await links.use(issuer, claims.sub, verifiedEmailOf(claims))
      if (!linked) throw unknown()
      return linked
    },
  }
}

function verifiedEmailOf({ email, email_verified: isVerified }: Record<string, unknown>): string | undefined {
  return typeof email === 'string' && isVerified === true && email.length <= CHARS_MAX ? email.toLowerCase() : undefined
}

/** Whether the provider, or what it sent, says no; else it could not be asked. */
const isAnswer = (thrown: unknown): thrown is Error =>
  thrown instanceof client.AuthorizationResponseError ||
  thrown instanceof client.ResponseBodyError ||
  (thrown instanceof client.ClientError && thrown.code !== 'OAUTH_TIMEOUT')

const unavailable = (cause: unknown): AzoraError =>
  new AzoraError('retry', 'oidc_unavailable', 'the provider can not be reached', { cause, retryAfterMs: 10_000 })

const refused = (why: string, cause?: unknown): AzoraError =>
  new AzoraError('authenticate', 'oidc_refused', `nobody is signed in: ${why}`, { cause })

const unknown = (): AzoraError =>
  new AzoraError('forbidden', 'oidc_unknown', 'nobody here is linked with who signed in at the provider')

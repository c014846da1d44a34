import { AzoraError } from '@azora/base'
import { type Credential, isCsrfToken } from '@azora/identity'
import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const COOKIES_CHARS_MAX = 8_192

/** `__Host-` lets only this very host set it, over TLS. */
export const cookieNameOf = (origin: string): string => (origin.startsWith('https:') ? '__Host-azora' : 'azora')

/**
 * What a request shows to say who makes it: a bearer token, else the session cookie. Since browsers send cookies by
 * themselves, a cookie counts only for what our own pages ask, and what changes something needs the page's token besides.
 * Throws `cross_site` and `csrf_token_invalid`.
 *
 * @param origin the server's own, as browsers see it
 */
export function credentialOf(request: FastifyRequest, origin: string): Credential {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1]
    return token === undefined ? { kind: 'none' } : { kind: 'bearer', token }
  }
  if (cookie === undefined || cookie.length > COOKIES_CHARS_MAX) return { kind: 'none' }
  const secret = parseCookie(cookie)[cookieNameOf(origin)]
  if (!secret) return { kind: 'none' }
  requireSameOrigin(request, origin)
  if (!SAFE.has(request.method)) requireCsrfToken(request, secret)
  return { kind: 'cookie', secret }
}

/** Throws `cross_site` when a browser says that another site asks. */
export function requireSameOrigin({ headers }: FastifyRequest, origin: string): void {
  const site = headers['sec-fetch-site']
  const strange = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (!strange && (headers.origin === undefined || headers.origin === origin)) return
  throw new AzoraError('forbidden', 'cross_site', 'another site may not ask for this', {
    remedy: `Open ${origin}; if that is not how you reach the server, set AZORA_PUBLIC_URL to how you do.`,
  })
}

function requireCsrfToken({ headers }: FastifyRequest, secret: string): void {
  const given = headers['x-azora-csrf']
  if (typeof given === 'string' && isCsrfToken(secret, given)) return
  throw new AzoraError('forbidden', 'csrf_token_invalid', 'the request lacks the token of its page', {
    remedy: 'Send the csrfToken that GET /api/v1/session answers as X-Azora-CSRF.',
  })
}

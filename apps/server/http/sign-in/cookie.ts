import { stringifySetCookie } from 'cookie'
import { cookieNameOf } from './credential.ts'

/** The `Set-Cookie` of a session: no script reads it, no other site makes a browser send it. */
export const sessionCookie = (origin: string, secret: string, expiresAt: string): string =>
  stringifySetCookie({ ...attributes(origin), value: secret, expires: new Date(expiresAt) })

/** Takes the cookie away. */
export const endedCookie = (origin: string): string =>
  stringifySetCookie({ ...attributes(origin), value: '', expires: new Date(0) })

const attributes = (origin: string) => ({
  name: cookieNameOf(origin),
  path: '/',
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: origin.startsWith('https:'),
})

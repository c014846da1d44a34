import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'

const SECONDS = 600

const nameOf = (origin: string): string => (origin.startsWith('https:') ? '__Host-azora-oidc' : 'azora-oidc')

/** What a browser keeps while it is at the provider: it comes back by a link of another site, which `Lax` allows. */
export const ticketCookie = (origin: string, ticket: string): string =>
  stringifySetCookie({
    name: nameOf(origin),
    value: ticket,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    maxAge: ticket === '' ? 0 : SECONDS,
  })

export const ticketOf = ({ headers }: FastifyRequest, origin: string): string | undefined =>
  headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[nameOf(origin)]

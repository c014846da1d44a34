import { scimErrorOf } from '@azora/identity'
import type { FastifyReply } from 'fastify'

/** What SCIM sends and takes (RFC 7644, section 3.1). */
export const SCIM_TYPE = 'application/scim+json'

/** Whether an address is one of SCIM, also where nothing is served. */
export const isScim = (url: string): boolean => /^\/scim\/v2(\/|\?|$)/.test(url)

/** Sends what went wrong as SCIM says it, past the serializer. */
export function sendScimError(reply: FastifyReply, thrown: unknown, headers: Record<string, string>): FastifyReply {
  const error = scimErrorOf(thrown)
  return reply
    .code(Number(error.status))
    .headers(headers)
    .type(SCIM_TYPE)
    .serializer((value) => JSON.stringify(value))
    .send(error)
}

import { Code, ConnectError, createContextKey, createContextValues, type HandlerContext } from '@connectrpc/connect'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A call as it came in, past the same hooks as every request. */
export interface IncomingCall {
  request: FastifyRequest
  reply: FastifyReply
  /** Why it is refused before its message is read, such as that nobody knows who calls. */
  refused?: unknown
}

const CALL = createContextKey<IncomingCall | undefined>(undefined)

export const contextOf = (call: IncomingCall) => createContextValues().set(CALL, call)

export function callIn({ values }: HandlerContext): IncomingCall {
  const call = values.get(CALL)
  if (call) return call
  throw new ConnectError('the call has no request', Code.Internal)
}

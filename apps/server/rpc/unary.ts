import type { JsonObject, Rpc } from '@azora/contracts'
import type { DescMethodUnary } from '@bufbuild/protobuf'
import type { MethodImpl } from '@connectrpc/connect'
import type { ServedHandler } from '../http/call.ts'
import { callIn } from './call.ts'
import { contractJson, messageOf } from './json.ts'
import { requestOf } from './request.ts'

/** A method that asks and is answered, served by what serves its operation over HTTP. */
export function unaryMethod(
  { input, output }: DescMethodUnary,
  rpc: Rpc,
  handler: ServedHandler,
): MethodImpl<DescMethodUnary> {
  return async (message, context) => {
    const { request, reply } = callIn(context)
    const parts = requestOf(rpc, contractJson(input, message), request.headers)
    const { principal, caller } = request
    const answer = (await handler({ principal, caller, ...parts, signal: context.signal }, reply)) as JsonObject
    // The run that it asked for goes on; only the waiting ends with the caller's deadline.
    context.signal.throwIfAborted()
    return messageOf(output, rpc.answer === undefined ? answer : { [rpc.answer]: answer })
  }
}

import type { Log } from '@azora/base'
import { durationFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { toAnswer } from '../http/problem.ts'
import { protoMessage } from './descriptors.ts'

const ERROR_INFO = protoMessage('google.rpc.ErrorInfo')
const RETRY_INFO = protoMessage('google.rpc.RetryInfo')
const BAD_REQUEST = protoMessage('google.rpc.BadRequest')

/** By the status that the HTTP API answers. */
const CODES: Readonly<Record<number, Code>> = {
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.FailedPrecondition,
  413: Code.ResourceExhausted,
  429: Code.ResourceExhausted,
  500: Code.Internal,
  503: Code.Unavailable,
}

/**
 * Any thrown value as the error that the caller gets: the problem of the HTTP API, with its code as `reason` of a
 * google.rpc.ErrorInfo in the domain `azora`, its `Retry-After` as RetryInfo and its places as BadRequest (AIP-193).
 */
export function toConnectError(thrown: unknown, url: string, log: Log): ConnectError {
  if (thrown instanceof ConnectError) return thrown
  if (thrown instanceof DOMException) return ConnectError.from(thrown)
  const { problem, headers } = toAnswer(thrown, url)
  const { status, code: reason, title, detail = title, type, remedy, errors } = problem
  if (status >= 500) log.error({ err: thrown, url }, 'a call failed')
  const metadata = { type, ...(remedy !== undefined && { remedy }) }
  const retrySeconds = headers['retry-after']
  return new ConnectError(detail, CODES[status] ?? Code.InvalidArgument, headers, [
    { desc: ERROR_INFO, value: { reason, domain: 'azora', metadata } },
    ...(retrySeconds === undefined
      ? []
      : [{ desc: RETRY_INFO, value: { retryDelay: durationFromMs(Number(retrySeconds) * 1_000) } }]),
    ...(errors ? [{ desc: BAD_REQUEST, value: { fieldViolations: errors.map(violationOf) } }] : []),
  ])
}

const violationOf = ({ pointer, message }: { pointer: string; message: string }) => ({
  field: pointer,
  description: message,
})

/** What methods throw, as the errors that callers get. */
export const answerProblems =
  (log: Log): Interceptor =>
  (next) =>
  async (asked) => {
    const { pathname } = new URL(asked.url)
    try {
      const answer = await next(asked)
      return answer.stream ? { ...answer, message: guarded(answer.message, pathname, log) } : answer
    } catch (thrown) {
      throw toConnectError(thrown, pathname, log)
    }
  }

async function* guarded<T>(messages: AsyncIterable<T>, url: string, log: Log): AsyncGenerator<T> {
  try {
    yield* messages
  } catch (thrown) {
    throw toConnectError(thrown, url, log)
  }
}

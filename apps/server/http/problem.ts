import { STATUS_CODES } from 'node:http'
import { type Advice, AzoraError, toAzoraError } from '@azora/base'
import { type Problem, type ProblemCode, problemOf, problemType } from '@azora/contracts'
import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

const STATUS: Record<Advice, number> = {
  fix: 400,
  authenticate: 401,
  forbidden: 403,
  denied: 403,
  missing: 404,
  conflict: 409,
  cancelled: 409,
  retry: 503,
  bug: 500,
}

const OF_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
}

export interface Answer {
  error: AzoraError
  problem: Problem
  headers: Record<string, string>
}

/** Any thrown value as the problem that the caller gets (RFC 9457). Bugs keep their message to the log. */
export function toAnswer(thrown: unknown, instance: string): Answer {
  const error = fromFastify(thrown) ?? toAzoraError(thrown)
  const entry = problemOf(error.code)
  const status = entry?.status ?? STATUS[error.advice]
  const problem: Problem = {
    type: problemType(error.code),
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.advice === 'bug' ? 'Something went wrong on our side; the log has the details.' : error.message,
    instance,
    code: error.code,
    ...((error.remedy ?? entry?.remedy) !== undefined && { remedy: error.remedy ?? entry?.remedy }),
    ...(error.details.length > 0 && { errors: [...error.details] }),
  }
  const headers: Record<string, string> = {}
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="azora"'
  return { error, problem, headers }
}

/** @param details what is wrong, and where in the body, the parameters, the query or the headers */
export function invalidRequest(details: Array<{ pointer: string; message: string }>): AzoraError {
  const list = details.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ')
  return new AzoraError('fix', 'invalid_request', `the request is not valid: ${list}`, { details })
}

/** Errors that Fastify raises itself: schemas, bodies, content types. */
function fromFastify(thrown: unknown): AzoraError | undefined {
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const details = thrown.validation.map(({ instancePath, message }) => ({
      pointer: instancePath,
      message: message ?? 'is invalid',
    }))
    return invalidRequest(details)
  }
  if (!(thrown instanceof Error) || thrown instanceof AzoraError) return undefined
  const { statusCode, code } = thrown as FastifyError
  if (!statusCode || statusCode >= 500) return undefined
  return new AzoraError('fix', OF_FASTIFY[code] ?? 'invalid_request', thrown.message, { cause: thrown })
}

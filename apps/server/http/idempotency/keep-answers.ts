import { AzoraError } from '@azora/base'
import { keepsAnswers, type Operation } from '@azora/contracts'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { App } from '../app.ts'
import { toAnswer } from '../problem.ts'
import type { Answers, KeptAnswer } from './answers.ts'
import { type KeyedRequest, keyedRequest } from './keyed-request.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What was asked for with an `Idempotency-Key`; undefined without one, and where no answers are kept. */
    keyed: KeyedRequest | undefined
  }
}

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/
const KEPT_HEADERS = ['content-type', 'location', 'etag', 'retry-after']

/**
 * Answers a request that comes again with its `Idempotency-Key` as it was answered first. For the operations that the
 * contract says so of, from the routes on that are registered later. Requests without a key are as they were.
 */
export function keepAnswers(app: App, answers: Answers): void {
  app.decorateRequest('keyed', undefined)
  app.addHook('onRoute', (route) => {
    const operation = route.config?.operation
    if (!operation || !keepsAnswers(operation)) return
    // Before parsing by the schema, which may put defaults in.
    route.preValidation = [
      ...[route.preValidation ?? []].flat(),
      async (request: FastifyRequest) => {
        request.keyed = keyedIn(request)
      },
    ]
    route.handler = once(route.handler, operation, answers)
  })
}

function keyedIn({ headers, principal, method, url, body }: FastifyRequest): KeyedRequest | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && KEY.test(key)) return keyedRequest(key, principal, { method, url, body })
  throw new AzoraError('fix', 'invalid_request', 'Idempotency-Key has to be 1 to 200 characters of ASCII', {
    remedy: 'Use a UUID.',
    details: [{ pointer: '/idempotency-key', message: 'expected 1 to 200 characters of ASCII' }],
  })
}

const once = (handler: RouteHandlerMethod, { answersSecret }: Operation, answers: Answers): RouteHandlerMethod =>
  async function (request, reply) {
    const { keyed } = request
    if (!keyed) return handler.call(this, request, reply)
    const before = await answers.begin(keyed)
    if (before) return sendText(reply.header('idempotency-replayed', 'true'), before)
    try {
      const result = await handler.call(this, request, reply)
      const answer = answerOf(reply, result)
      await answers.end(keyed, answersSecret ? undefined : answer)
      return sendText(reply, answer)
    } catch (thrown) {
      await settleRefusal(answers, keyed, thrown, request.url)
      throw thrown
    }
  }

/** What a repetition of a request that failed is to be told. */
async function settleRefusal(answers: Answers, keyed: KeyedRequest, thrown: unknown, url: string): Promise<void> {
  const { problem, headers } = toAnswer(thrown, url)
  const { status, code } = problem
  // Who sends the request again with another condition asks for the same thing.
  const isRefused = status < 500 && status !== 429 && code !== 'precondition_failed'
  if (isRefused)
    return answers.end(keyed, {
      status,
      headers: { ...headers, 'content-type': 'application/problem+json' },
      body: JSON.stringify(problem),
    })
  // The database may have done what it didn't confirm.
  if (status === 500 || code === 'database_unreachable') return answers.leave(keyed)
  return answers.giveUp(keyed)
}

function answerOf(reply: FastifyReply, result: unknown): KeptAnswer {
  const body = result === null ? '' : String(reply.serialize(result))
  if (result !== null && !reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8')
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = reply.getHeader(name)
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body }
}

/** Text that the serializer has made already. */
const sendText = (reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply =>
  reply
    .code(status)
    .headers(headers)
    .serializer((text) => text)
    .send(body === '' ? null : body)

import { isMedia, type Operation, takesFields } from '@azora/contracts'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { entityTag, names } from './etag.ts'
import { type Fields, fieldsOf, readFields, selected } from './fields.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What `?fields=` chose of the answer; undefined for all of it. */
    fields: Fields | undefined
  }
}

/** The caller may keep it, and has to ask whether it still holds. */
const CACHE_CONTROL = 'private, no-cache'

/** The text of an answer, checked by its schema. */
export const textOf = ({ responses }: Operation, status: number, answer: unknown): string => {
  const schema = responses[status]
  return JSON.stringify(schema && !isMedia(schema) ? z.encode(schema, answer) : answer)
}

/** Answers reads with entity tags, with 304 to who has seen them, and with chosen fields, as the contract says. */
export function answerRepresentations(app: App): void {
  app.decorateRequest('fields', undefined)
  app.addHook('onRoute', (route) => {
    const operation = route.config?.operation
    if (!operation || !(operation.hasETag || takesFields(operation))) return
    const [answer] = Object.values(operation.responses)
    const known = answer instanceof z.ZodObject && takesFields(operation) ? fieldsOf(answer) : undefined
    if (known)
      route.preValidation = [
        async (request: FastifyRequest) => {
          request.fields = takeFields(request, known)
        },
        ...[route.preValidation ?? []].flat(),
      ]
    route.handler = represented(route.handler, operation)
  })
}

/** The contract of the query doesn't know them. */
function takeFields(request: FastifyRequest, known: Fields): Fields | undefined {
  const query = request.query as Record<string, unknown>
  if (!Object.hasOwn(query, 'fields')) return undefined
  const { fields, ...others } = query
  request.query = others
  // Given twice, they are a list.
  return readFields(String(fields), known)
}

const represented = (handler: RouteHandlerMethod, operation: Operation): RouteHandlerMethod =>
  async function (request, reply) {
    const result = await handler.call(this, request, reply)
    const { fields } = request
    if (reply.sent || result === reply || !(operation.hasETag || fields)) return result
    const text = textOf(operation, reply.statusCode, result)
    if (operation.hasETag && isKnown(request, reply, text)) return reply.code(304).send()
    return reply
      .type('application/json; charset=utf-8')
      .serializer((chosen) => chosen)
      .send(fields ? JSON.stringify(selectedOf(operation, JSON.parse(text), fields)) : text)
  }

function isKnown({ headers }: FastifyRequest, reply: FastifyReply, text: string): boolean {
  const tag = entityTag(text)
  reply.header('etag', tag)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', CACHE_CONTROL)
  const seen = headers['if-none-match']
  return seen !== undefined && names(seen, tag, 'weak')
}

/** A list keeps what it says of itself, such as where it goes on. */
function selectedOf({ responses }: Operation, answer: object, fields: Fields): unknown {
  const [schema] = Object.values(responses)
  const isList = schema instanceof z.ZodObject && schema.shape.items instanceof z.ZodArray
  return isList && 'items' in answer ? { ...answer, items: selected(answer.items, fields) } : selected(answer, fields)
}

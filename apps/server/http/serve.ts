import { isMedia, type Media, type Operation } from '@azora/contracts'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import type { App } from './app.ts'
import type { Call, ServedHandler } from './call.ts'
import { SCIM_TYPE } from './scim.ts'

type Answers<O extends Operation> = O['responses'][keyof O['responses']]

/** What a handler answers where the operation answers JSON; otherwise it sends the reply itself. */
type Answer<O extends Operation> = Answers<O> extends infer A ? (A extends z.ZodType ? z.input<A> : never) : never

type Handler<O extends Operation> = (
  call: Call<O>,
  reply: FastifyReply,
) => Promise<Extract<Answers<O>, Media> extends never ? Answer<O> | FastifyReply : unknown>

/**
 * Serves an operation. What comes is parsed by its contract and what goes is checked by it; its first successful status is
 * answered unless the handler sets another.
 */
export function serve<O extends Operation>(
  app: App,
  operation: O,
  handler: Handler<O>,
  more: Pick<RouteOptions, 'wsHandler'> = {},
): void {
  const { method, path, params, query, headers, body, bodyBytesMax } = operation
  const rest = /\{(\w+)\*\}$/.exec(path)?.[1]
  const status = Math.min(
    ...Object.keys(operation.responses)
      .map(Number)
      .filter((code) => code >= 200),
  )
  app.served.set(operation, handler as unknown as ServedHandler)
  app.route({
    method,
    url: addressOf(operation),
    config: { operation },
    ...(bodyBytesMax !== undefined && { bodyLimit: bodyBytesMax }),
    ...more,
    schema: {
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(headers && { headers }),
      ...(body && !isMedia(body) && { body }),
      response: checkedAnswers(operation),
    },
    ...(rest && {
      preValidation: async (request: FastifyRequest) => {
        const { '*': value, ...others } = request.params as Record<string, string>
        request.params = { ...others, [rest]: value }
      },
    }),
    handler: async (request, reply) => {
      if (!reply.raw.headersSent) reply.code(status)
      if (operation.dialect === 'scim') reply.type(SCIM_TYPE)
      return handler(request as unknown as Call<O>, reply)
    },
  })
}

/** The path as Fastify writes it. */
const addressOf = ({ path }: Pick<Operation, 'path'>): string =>
  path.replace(/\{\w+\*\}$/, '*').replaceAll(/\{(\w+)\}/g, ':$1')

const checkedAnswers = ({ responses }: Operation): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(responses).flatMap(([status, answer]) =>
      isMedia(answer) || answer instanceof z.ZodNull ? [] : [[status, answer]],
    ),
  )

import { AzoraError } from '@azora/base'
import type { Operation } from '@azora/contracts'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { App } from '../app.ts'
import { entityTag, names } from './etag.ts'
import { textOf } from './representation.ts'

/** How the representation that `If-Match` speaks of is read. */
interface Reader {
  operation: Operation
  handler: RouteHandlerMethod
}

/**
 * Refuses what is to change a resource that isn't as the caller saw it (`If-Match`; RFC 9110, section 13.1.1), as the contract
 * says. Of several such requests about one resource, each is compared when the one before it is done.
 */
export function checkPreconditions(app: App): void {
  const readers = new Map<string, Reader>()
  const inTurn = createTurns()
  app.addHook('onRoute', (route) => {
    const operation = route.config?.operation
    if (!operation) return
    const { handler } = route
    if (operation.hasETag) readers.set(operation.path, { operation, handler })
    const { ifMatch } = operation
    if (ifMatch === undefined) return
    route.handler = async function (request, reply) {
      const seen = request.headers['if-match']
      if (seen === undefined) return handler.call(this, request, reply)
      const params = paramsOf(ifMatch, request)
      return inTurn(JSON.stringify([request.principal.tenant, ifMatch, params]), async () => {
        const reader = params && readers.get(ifMatch)
        const tag = reader && (await currentTag.call(this, reader, request, reply, params))
        if (tag === undefined || !names(seen, tag, 'strong')) throw failed(reply, tag)
        return handler.call(this, request, reply)
      })
    }
  })
}

/** Where the address doesn't name the resource, the body does; undefined where neither does. */
function paramsOf(path: string, { params, body }: FastifyRequest): Record<string, string> | undefined {
  const given: Record<string, unknown> = { ...(body as object | undefined), ...(params as object | undefined) }
  const found = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, given[name]] as const)
  if (found.some(([, value]) => typeof value !== 'string')) return undefined
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]))
}

async function currentTag(
  this: ThisParameterType<RouteHandlerMethod>,
  { operation, handler }: Reader,
  request: FastifyRequest,
  reply: FastifyReply,
  params: Record<string, string>,
): Promise<string> {
  const read = Object.create(request, { params: { value: params }, query: { value: {} } }) as FastifyRequest
  return entityTag(textOf(operation, 200, await handler.call(this, read, reply)))
}

function failed(reply: FastifyReply, tag: string | undefined): AzoraError {
  if (tag !== undefined) reply.header('etag', tag)
  return new AzoraError('conflict', 'precondition_failed', 'it is not as If-Match says that you saw it', {
    remedy: 'Read it again, decide again, and send the ETag that it has now.',
  })
}

/** One after the other for each name. */
function createTurns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      if (last.get(name) === mine) last.delete(name)
    }
  }
}

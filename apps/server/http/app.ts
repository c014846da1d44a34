import { AzoraError, type Log, parseStrictJson } from '@azora/base'
import { type Operation, SERVER_TENANT } from '@azora/contracts'
import {
  type Caller,
  may,
  type Principal,
  type Resolver,
  requirePermission,
  requirePermissionForSome,
} from '@azora/identity'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { requireCertificate } from '../tls/client-certificate.ts'
import type { ServedHandler } from './call.ts'
import { toAnswer } from './problem.ts'
import { createRateLimit, RATE_LIMITS, type RateLimits } from './rate-limit.ts'
import { limitReceiving, REQUEST_MS_MAX } from './receiving.ts'
import { isScim, SCIM_TYPE, sendScimError } from './scim.ts'
import { credentialOf } from './sign-in/credential.ts'

/** A route as it was registered. */
export interface RegisteredRoute {
  /** With parameters as `:name`. */
  url: string
  operation: Operation
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route serves, and who may call it. A route without it does not start. */
    operation?: Operation
    /** What it serves in another form than HTTP's own, in place of `operation`; what HTTP adds to answers is not for it. */
    rpc?: Operation
  }
  interface FastifyInstance {
    /** Every route that was registered, in order. */
    routeTable: readonly RegisteredRoute[]
    /** What serves each operation, for those who call it in another form. */
    served: Map<Operation, ServedHandler>
  }
  interface FastifyRequest {
    principal: Principal
    /** How the principal was found; undefined on public routes. */
    caller: Caller | undefined
  }
}

/** The server's Fastify with our schemas as types. */
export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

export const BODY_BYTES_MAX = 4 * 1024 * 1024
const FRAME_BYTES_MAX = 16 * 1024 * 1024

const NOBODY: Principal = { id: 'user:nobody', tenant: 'none', roles: [], keys: [] }

export interface AppDeps {
  /** Who a credential belongs to. */
  resolve: Resolver
  /** The server's own, as browsers see it. */
  origin: () => string
  /** Callers are asked for certificates. */
  asksCertificates?: boolean | undefined
  /** As in {@link RATE_LIMITS} when absent. */
  rateLimits?: RateLimits | undefined
  /** How long a request that is no transfer may take to come, in milliseconds; a minute when absent. */
  receiveMs?: number | undefined
  log: Log
}

/** HTTP with authentication and problems, and no routes yet. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { resolve, origin, asksCertificates = false, rateLimits = RATE_LIMITS, receiveMs, log } = deps
  const limitRate = createRateLimit(rateLimits, () => performance.now())
  const answer = (thrown: unknown, { url }: { url: string }, reply: FastifyReply): void => {
    const { error, problem, headers } = toAnswer(thrown, url)
    if (problem.status >= 500) log.error({ err: thrown, url }, 'a request failed')
    if (isScim(url)) return void sendScimError(reply, error, headers)
    void send(reply, problem, headers)
  }
  const app: App = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (thrown, request, reply) => answer(thrown, request, reply),
  }).withTypeProvider<ZodTypeProvider>()
  limitReceiving(app.server, receiveMs)
  // Policies that can't be read stop the start, not the first request.
  may(NOBODY, 'session.read')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  acceptStrictJsonOnly(app)
  app.decorateRequest('principal', null as unknown as Principal)
  app.decorateRequest('caller', undefined)

  keepRouteTable(app)
  app.addHook('onRequest', async (request, reply) => {
    const { operation, rpc } = request.routeOptions.config
    const { permission, scope, forSomeRuns } = operation ?? rpc ?? {}
    request.principal = NOBODY
    if (permission === 'public') return
    request.caller = await resolve(credentialOf(request, origin()))
    request.principal = request.caller.principal
    if (asksCertificates) requireCertificate(request.raw.socket, request.principal)
    limitRate(request.caller, reply)
    // Only requests for no route at all have none.
    if (permission) (forSomeRuns ? requirePermissionForSome : requirePermission)(request.principal, permission)
    if (scope === 'server') requireServerTenant(request.principal)
  })
  app.setErrorHandler(answer)
  app.setNotFoundHandler((request, reply) => {
    const missing = new AzoraError(
      'missing',
      'route_not_found',
      `there is no ${request.method} ${request.url.split('?')[0]}`,
      {
        remedy: 'GET /api/v1/openapi.json lists what there is.',
      },
    )
    answer(missing, request, reply)
  })

  await app.register(fastifyWebsocket, { options: { maxPayload: FRAME_BYTES_MAX } })
  return app
}

/** What all tenants share is looked after by the server's own people, whatever roles others have in their tenants. */
function requireServerTenant({ id, tenant }: Principal): void {
  if (tenant === SERVER_TENANT) return
  throw new AzoraError('forbidden', 'server_only', `${id} of tenant ${tenant} may not act on the server itself`, {
    remedy: `Ask whoever looks after the server: this needs a principal of tenant ${SERVER_TENANT}.`,
  })
}

/** Keeps what is registered, and refuses a route that isn't declared, with who may call it. */
function keepRouteTable(app: App): void {
  const table: RegisteredRoute[] = []
  app.decorate('routeTable', table)
  app.decorate('served', new Map())
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method === 'HEAD') return
    if (config?.rpc) return
    if (!config?.operation)
      throw new AzoraError('bug', 'route_without_contract', `${method} ${url} serves no declared operation`)
    table.push({ url, operation: config.operation })
  })
}

/** In place of Fastify's parsers: no body is read in two ways, and text that is no JSON isn't read at all. */
function acceptStrictJsonOnly(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', SCIM_TYPE],
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseStrictJson(body),
  )
}

/** Past the serializer: a problem has a content type of its own. */
function send(reply: FastifyReply, problem: { status: number }, headers: Record<string, string>): FastifyReply {
  return reply
    .code(problem.status)
    .headers(headers)
    .type('application/problem+json')
    .serializer((value) => JSON.stringify(value))
    .send(problem)
}

import { AzoraError, type Log } from '@azora/base'
import { type Operation, operations, rpcs } from '@azora/contracts'
import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
} from '@bufbuild/protobuf'
import { Code, ConnectError, type ConnectRouter, createConnectRouter } from '@connectrpc/connect'
import type { UniversalHandler } from '@connectrpc/connect/protocol'
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node'
import { type App, BODY_BYTES_MAX } from '../http/app.ts'
import { callIn, contextOf, type IncomingCall } from './call.ts'
import { PROTO_FILES } from './descriptors.ts'
import { answerProblems, toConnectError } from './error.ts'
import { MESSAGES_DEEP_MAX } from './json.ts'
import { withReadableMessage } from './message.ts'
import { reflectionMethod } from './reflection.ts'
import { unaryMethod } from './unary.ts'
import { type WatchDeps, watchMethod } from './watch.ts'

export type RpcDeps = WatchDeps & { log: Log }

/**
 * Serves the methods of our .proto files in the protocols of gRPC, gRPC-Web and Connect. A call goes past the same hooks as
 * its operation over HTTP and is served by the same handler, so those have to be there already.
 */
export async function rpcRoutes(app: App, deps: RpcDeps): Promise<void> {
  const router = createConnectRouter({
    readMaxBytes: BODY_BYTES_MAX,
    acceptCompression: [compressionGzip],
    binaryOptions: { recursionLimit: MESSAGES_DEEP_MAX },
    jsonOptions: { recursionLimit: MESSAGES_DEEP_MAX },
    interceptors: [answerProblems(deps.log)],
    requestGate(context) {
      const { request, refused } = callIn(context)
      if (refused !== undefined) throw toConnectError(refused, request.url, deps.log)
    },
  })
  for (const service of PROTO_FILES)
    if (service.kind === 'service') for (const method of service.methods) addMethod(router, method, app, deps)

  await app.register(async (scope: App) => {
    // JSON in whole is read as strictly as for any operation; the rest is read as the protocol says.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const handler of router.handlers) addRoute(scope, handler, deps.log)
  })
}

/** Reflection tells what the contract tells, so it has its right. Throws `route_without_contract`. */
function operationOf(method: DescMethod): Operation {
  if (isBiDi(method)) return operations.system.openapi
  const rpc = rpcs[nameOf(method)]
  if (rpc) return rpc.operation
  throw new AzoraError('bug', 'route_without_contract', `${nameOf(method)} serves no declared operation`)
}

const nameOf = ({ parent, name }: DescMethod): string => `${parent.typeName}.${name}`

const isUnary = (method: DescMethod): method is DescMethodUnary => method.methodKind === 'unary'
const isServerStreaming = (method: DescMethod): method is DescMethodServerStreaming =>
  method.methodKind === 'server_streaming'
const isBiDi = (method: DescMethod): method is DescMethodBiDiStreaming => method.methodKind === 'bidi_streaming'

function addMethod(router: ConnectRouter, method: DescMethod, app: App, deps: RpcDeps): void {
  const rpc = rpcs[nameOf(method)]
  if (isBiDi(method)) {
    router.rpc(method, reflectionMethod(method))
  } else if (rpc && isServerStreaming(method)) {
    router.rpc(method, watchMethod(method, rpc, deps))
  } else if (rpc && isUnary(method)) {
    const handler = app.served.get(rpc.operation)
    if (handler) router.rpc(method, unaryMethod(method, rpc, handler))
  }
}

function addRoute(scope: App, handler: UniversalHandler, log: Log): void {
  const serve = async ({ request, reply, refused }: IncomingCall): Promise<void> => {
    reply.hijack()
    const { raw } = reply
    try {
      const body = request.body as Parameters<typeof universalRequestFromNodeRequest>[1] & undefined
      const asked = universalRequestFromNodeRequest(request.raw, raw, body, contextOf({ request, reply, refused }))
      await universalResponseToNodeResponse(withReadableMessage(await handler(asked)), raw)
    } catch (thrown) {
      // Whoever asked is gone.
      if (ConnectError.from(thrown).code !== Code.Aborted) log.error({ err: thrown, url: request.url }, 'a call broke')
      raw.destroy()
    }
  }
  scope.route({
    method: 'POST',
    url: handler.requestPath,
    config: { rpc: operationOf(handler.method) },
    errorHandler: (thrown, request, reply) => serve({ request, reply, refused: thrown }),
    handler: (request, reply) => serve({ request, reply }),
  })
}

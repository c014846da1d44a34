import type { JsonObject } from '@azora/contracts'
import {
  type ChannelCredentials,
  type Client,
  type ClientReadableStream,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import protobuf from 'protobufjs'
import { ROOT } from './cli.ts'

const FOLDER = `${ROOT}/packages/contracts/proto`

/** Another implementation of gRPC than the server's, which reads the .proto file by itself. */
const { azora } = loadPackageDefinition(
  loadSync('azora/v1/orchestrator.proto', {
    includeDirs: [FOLDER],
    longs: Number,
    enums: String,
    defaults: false,
  }),
) as unknown as { azora: { v1: Record<'RunService' | 'ReviewService' | 'NodeService', ServiceClientConstructor> } }

/** How a call ended: the message that was answered, or what is known of the error. */
export interface Ended {
  code: number
  answer?: JsonObject
  /** `google.rpc.ErrorInfo` and others, by the last word of their type. */
  details: Record<string, JsonObject>
  message: string
}

export interface CallOptions {
  token?: string | undefined
  metadata?: Record<string, string>
  deadlineMs?: number
}

/** Somebody who calls a server. */
export interface GrpcClient {
  call(service: keyof typeof azora.v1, method: string, request: object, options?: CallOptions): Promise<Ended>
  watch(request: object, options?: CallOptions): ClientReadableStream<JsonObject>
  close(): void
}

type Unary = (
  request: object,
  metadata: Metadata,
  options: object,
  done: (error: ServiceError | null, answer: JsonObject) => void,
) => void
type Stream = (request: object, metadata: Metadata, options: object) => ClientReadableStream<JsonObject>

/** @param token of whoever calls, unless a call says another one */
export function grpcClient(address: string, credentials: ChannelCredentials, token: string): GrpcClient {
  const clients = {
    RunService: new azora.v1.RunService(address, credentials),
    ReviewService: new azora.v1.ReviewService(address, credentials),
    NodeService: new azora.v1.NodeService(address, credentials),
  }
  const methodOf = <T>(client: Client, name: string): T =>
    (client as unknown as Record<string, (...all: never[]) => void>)[name]?.bind(client) as T
  const prepared = (options: CallOptions): [Metadata, object] => {
    const metadata = new Metadata()
    const shown = 'token' in options ? options.token : token
    if (shown !== undefined) metadata.set('authorization', `Bearer ${shown}`)
    for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.set(name, value)
    return [metadata, options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs }]
  }
  return {
    call: (service, method, request, options = {}) =>
      new Promise((resolve) => {
        const [metadata, more] = prepared(options)
        methodOf<Unary>(clients[service], method)(request, metadata, more, (error, answer) =>
          resolve(error ? endedBy(error) : { code: 0, answer, details: {}, message: '' }),
        )
      }),
    watch(request, options = {}) {
      const [metadata, more] = prepared(options)
      return methodOf<Stream>(clients.RunService, 'WatchRun')(request, metadata, more)
    },
    close() {
      for (const client of Object.values(clients)) client.close()
    },
  }
}

/** What a stream told until it ended. */
export async function read(stream: ClientReadableStream<JsonObject>): Promise<Ended & { told: JsonObject[] }> {
  const told: JsonObject[] = []
  try {
    for await (const message of stream) told.push(message as JsonObject)
    return { code: 0, details: {}, message: '', told }
  } catch (thrown) {
    return { ...endedBy(thrown as ServiceError), told }
  }
}

const details = new protobuf.Root()
details.resolvePath = (_origin, target) => `${FOLDER}/${target}`
details.loadSync('google/rpc/error_details.proto')
protobuf.parse(
  `syntax = "proto3"; package google.rpc;
   message Detail { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Detail details = 3; }`,
  details,
)

function endedBy({ code, details: message, metadata }: ServiceError): Ended {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? []
  const status = details.lookupType('google.rpc.Status')
  const held = bytes ? (status.toObject(status.decode(bytes as Buffer)).details ?? []) : []
  return {
    code,
    message,
    details: Object.fromEntries(
      (held as Array<{ typeUrl: string; value: Buffer }>).map(({ typeUrl, value }) => {
        const type = details.lookupType(typeUrl.split('/').at(-1) ?? '')
        return [type.name, type.toObject(type.decode(value), { longs: Number })]
      }),
    ),
  }
}

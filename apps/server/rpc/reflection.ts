import type { Json, JsonObject } from '@azora/contracts'
import { type DescFile, type DescMethodBiDiStreaming, type Registry, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Code, type MethodImpl } from '@connectrpc/connect'
import { PROTO_FILES } from './descriptors.ts'
import { contractJson, messageOf } from './json.ts'

/** Answers what programs ask that know nothing of our .proto files (gRPC server reflection, v1 and v1alpha). */
export const reflectionMethod = ({ input, output }: DescMethodBiDiStreaming): MethodImpl<DescMethodBiDiStreaming> =>
  async function* (messages) {
    for await (const message of messages) {
      const asked = contractJson(input, message)
      yield messageOf(output, { validHost: asked.host ?? '', originalRequest: asked, ...answerTo(asked) })
    }
  }

function answerTo(asked: JsonObject): JsonObject {
  if (asked.listServices !== undefined)
    return { listServicesResponse: { service: [...services()].map((name) => ({ name })) } }
  const type = asked.allExtensionNumbersOfType
  if (typeof type === 'string')
    return PROTO_FILES.getMessage(type)
      ? { allExtensionNumbersResponse: { baseTypeName: type } }
      : notFound(`there is no message ${type}`)
  const { fileByFilename: file, fileContainingSymbol: symbol } = asked
  const found =
    typeof file === 'string' ? PROTO_FILES.getFile(file) : typeof symbol === 'string' ? fileOf(symbol) : undefined
  if (!found) return notFound(`there is no ${String(file ?? symbol ?? 'such extension')}`)
  return { fileDescriptorResponse: { fileDescriptorProto: [...withImports(found)].map(encoded) } }
}

function* services(): Generator<string> {
  for (const desc of PROTO_FILES) if (desc.kind === 'service') yield desc.typeName
}

/** Of a service, message or enum, or of what one of them has. */
function fileOf(symbol: string): DescFile | undefined {
  const registry: Registry = PROTO_FILES
  const found = registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.')))
  return found?.file
}

const withImports = (file: DescFile): Set<DescFile> =>
  new Set([file, ...file.dependencies.flatMap((imported) => [...withImports(imported)])])

const encoded = ({ proto }: DescFile): Json =>
  Buffer.from(toBinary(FileDescriptorProtoSchema, proto)).toString('base64')

const notFound = (errorMessage: string): JsonObject => ({ errorResponse: { errorCode: Code.NotFound, errorMessage } })

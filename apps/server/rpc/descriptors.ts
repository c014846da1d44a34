import { Buffer } from 'node:buffer'
import { AzoraError } from '@azora/base'
import { PROTO_DESCRIPTORS } from '@azora/contracts'
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from '@bufbuild/protobuf'
import {
  FileDescriptorSetSchema,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt'

const IMPORTED = [file_google_protobuf_duration, file_google_protobuf_struct, file_google_protobuf_timestamp]

/** Our .proto files and what they import. */
export const PROTO_FILES: FileRegistry = filesIn(Buffer.from(PROTO_DESCRIPTORS, 'base64'))

function filesIn(bytes: Uint8Array): FileRegistry {
  const set = fromBinary(FileDescriptorSetSchema, bytes)
  set.file.unshift(...IMPORTED.map(({ proto }) => proto))
  return createFileRegistry(set)
}

/** @param name in full, such as `google.rpc.ErrorInfo` */
export function protoMessage(name: string): DescMessage {
  const found = PROTO_FILES.getMessage(name)
  if (found) return found
  throw new AzoraError('bug', 'route_without_contract', `no .proto file defines ${name}`)
}

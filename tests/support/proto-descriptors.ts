import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type DescriptorProtoSchema,
  type EnumDescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Type as Kind,
  FieldDescriptorProto_Label as Label,
  type ServiceDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import protobuf from 'protobufjs'

/**
 * What a protobuf compiler makes of files, as a binary `google.protobuf.FileDescriptorSet` without what they import from
 * google/protobuf. Knows what our files use: proto3 with one package a file, messages, enums, services.
 *
 * @param names below the folder, such as `azora/v1/orchestrator.proto`
 */
export function compileProtos(folder: string, names: readonly string[]): Uint8Array {
  const root = new protobuf.Root()
  const sources = names.map((name) => {
    const { package: of = '', imports = [] } = protobuf.parse(readFileSync(join(folder, name), 'utf8'), root, {
      keepCase: true,
    })
    for (const imported of imports) {
      const common = protobuf.common.get(imported)
      if (common) root.addJSON(common.nested ?? {})
    }
    return { name, package: of, dependency: imports, syntax: 'proto3' }
  })
  root.resolveAll()
  const file = sources.map((source) => {
    const { nestedArray } = root.lookup(source.package) as protobuf.Namespace
    return {
      ...source,
      messageType: nestedArray.filter((type) => type instanceof protobuf.Type).map(messageOf),
      enumType: nestedArray.filter((type) => type instanceof protobuf.Enum).map(enumOf),
      service: nestedArray.filter((type) => type instanceof protobuf.Service).map(serviceOf),
    }
  })
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }))
}

function messageOf(type: protobuf.Type): MessageInitShape<typeof DescriptorProtoSchema> {
  // Those that stand for `optional` come after those of the file.
  const oneofs = [...type.oneofsArray].sort((a, b) => Number(isOptional(a)) - Number(isOptional(b)))
  const nested = type.nestedArray.filter((inner) => inner instanceof protobuf.Type)
  return {
    name: type.name,
    field: type.fieldsArray.map((field) => fieldOf(field, oneofs)),
    nestedType: [
      ...type.fieldsArray.filter((field) => field instanceof protobuf.MapField).map(mapEntryOf),
      ...nested.map(messageOf),
    ],
    enumType: type.nestedArray.filter((inner) => inner instanceof protobuf.Enum).map(enumOf),
    oneofDecl: oneofs.map(({ name }) => ({ name })),
  }
}

const isOptional = ({ fieldsArray: [first] }: protobuf.OneOf): boolean => first?.options?.proto3_optional === true

function fieldOf(
  field: protobuf.Field,
  oneofs: readonly protobuf.OneOf[],
): MessageInitShape<typeof FieldDescriptorProtoSchema> {
  const { name, id, partOf, resolvedType } = field
  const isMap = field instanceof protobuf.MapField
  const typeName = isMap ? `${field.parent?.fullName}.${mapEntryName(field)}` : resolvedType?.fullName
  return {
    name,
    number: id,
    label: field.repeated || isMap ? Label.REPEATED : Label.OPTIONAL,
    type: isMap ? Kind.MESSAGE : kindOf(field),
    jsonName: protobuf.util.camelCase(name),
    ...(typeName !== undefined && { typeName }),
    ...(partOf && { oneofIndex: oneofs.indexOf(partOf), ...(isOptional(partOf) && { proto3Optional: true }) }),
  }
}

function kindOf({ resolvedType, type }: protobuf.Field): Kind {
  if (resolvedType) return resolvedType instanceof protobuf.Enum ? Kind.ENUM : Kind.MESSAGE
  return scalarOf(type)
}

const scalarOf = (type: string): Kind => Kind[type.toUpperCase() as keyof typeof Kind]

const mapEntryName = ({ name }: { name: string }): string => {
  const camel = protobuf.util.camelCase(name)
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`
}

/** Of a map to scalars. */
const mapEntryOf = (field: protobuf.MapField): MessageInitShape<typeof DescriptorProtoSchema> => ({
  name: mapEntryName(field),
  field: [
    { name: 'key', type: scalarOf(field.keyType) },
    { name: 'value', type: scalarOf(field.type) },
  ].map((entry, at) => ({ ...entry, number: at + 1, label: Label.OPTIONAL, jsonName: entry.name })),
  options: { mapEntry: true },
})

const enumOf = ({ name, values }: protobuf.Enum): MessageInitShape<typeof EnumDescriptorProtoSchema> => ({
  name,
  value: Object.entries(values).map(([name, number]) => ({ name, number })),
})

const serviceOf = ({
  name,
  methodsArray,
}: protobuf.Service): MessageInitShape<typeof ServiceDescriptorProtoSchema> => ({
  name,
  method: methodsArray.map((method) => ({
    name: method.name,
    inputType: method.resolvedRequestType?.fullName ?? '',
    outputType: method.resolvedResponseType?.fullName ?? '',
    ...(method.requestStream && { clientStreaming: true }),
    ...(method.responseStream && { serverStreaming: true }),
  })),
})

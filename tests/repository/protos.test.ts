import { Buffer } from 'node:buffer'
import { isMedia, type Media, rpcs } from '@azora/contracts'
import type { DescMessage } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { PROTO_FILES } from '../../apps/server/rpc/descriptors.ts'
import { compileProtos } from '../support/proto-descriptors.ts'

const FOLDER = 'packages/contracts/proto'
const FILES = [
  'google/rpc/error_details.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
  'azora/v1/orchestrator.proto',
]
const HEAD = `/**
 * The .proto files beside this one as a google.protobuf.FileDescriptorSet in base64, without what they import. Generated:
 * \`vitest run tests/repository/protos.test.ts --update\`.
 */
`

it('the descriptors that the server reads are those of the .proto files', async () => {
  const text = Buffer.from(compileProtos(FOLDER, FILES)).toString('base64')
  await expect(`${HEAD}export const PROTO_DESCRIPTORS =\n  '${text}'\n`).toMatchFileSnapshot(
    '../../packages/contracts/proto/descriptors.ts',
  )
})

it('every method of our services is an operation, and nothing else is', () => {
  const services = [...PROTO_FILES].filter((desc) => desc.kind === 'service')
  const methods = services.flatMap(({ typeName, methods }) => methods.map(({ name }) => `${typeName}.${name}`))
  expect(methods.filter((name) => name.startsWith('azora.')).sort()).toEqual(Object.keys(rpcs).sort())
})

it.each(Object.entries(rpcs))('the messages of %s have the fields and words of its operation', (name, rpc) => {
  const { operation, body: said, headers = {}, answer } = rpc
  const at = name.lastIndexOf('.')
  const service = PROTO_FILES.getService(name.slice(0, at))
  const method = service?.methods.find((method) => method.name === name.slice(at + 1))
  if (!method) throw new Error(`${name} is not defined`)
  const asked = [operation.params, operation.query, operation.body].flatMap((part) => objectsOf(part, 'input'))
  const meant = asked.filter(({ properties }) => !said || properties?.operation?.const === said.operation)
  const names = meant.flatMap(({ properties }) => Object.keys(properties ?? {}))
  const wanted = [...names.filter((name) => !said || !Object.hasOwn(said, name)), ...Object.values(headers)]
  expect(method.input.fields.map(({ jsonName }) => jsonName).sort()).toEqual(wanted.sort())
  const output = answer ? method.output.fields.find(({ jsonName }) => jsonName === answer)?.message : method.output
  const answered = Object.values(operation.responses).flatMap((part) => objectsOf(part, 'output'))
  const differences = [
    ...meant.flatMap((schema) => missing(method.input, schema, Object.keys(said ?? {}))),
    ...answered.flatMap((schema) => (output ? missing(output, schema) : ['the answer'])),
  ]
  expect(differences).toEqual([])
})

interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: string[]
  const?: unknown
}

function objectsOf(part: z.ZodType | Media | undefined, io: 'input' | 'output'): Schema[] {
  const schema = part && isMedia(part) ? part.item : part
  if (!schema) return []
  const whole = z.toJSONSchema(schema as z.ZodType, { io, unrepresentable: 'any' }) as Schema
  return whole.oneOf ?? whole.anyOf ?? [whole]
}

/** What a schema says and a message can't. */
const missing = (desc: DescMessage, schema: Schema, but: readonly string[] = []): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (but.includes(name)) return []
    const field = desc.fields.find(({ jsonName }) => jsonName === name)
    if (!field) return [`${desc.typeName}.${name}`]
    const held = (property.anyOf ?? [property]).map((branch) => branch.items ?? branch)
    const { enum: words, message } = field
    if (words) {
      const known = words.values.map(({ name }) => name.slice(words.sharedPrefix?.length).toLowerCase())
      return held.flatMap((branch) => (branch.enum ?? []).filter((word) => !known.includes(word)))
    }
    if (!message || message.typeName.startsWith('google.protobuf.')) return []
    return held.flatMap((branch) => missing(message, branch))
  })

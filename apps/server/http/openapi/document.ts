import { STATUS_CODES } from 'node:http'
import {
  isMedia,
  type Media,
  type NamedOperation,
  type Operation,
  PROBLEMS,
  Problem,
  type ProblemCode,
  problemsOf,
  type Right,
  ScimError,
} from '@azora/contracts'
import { rolesThatMay } from '@azora/identity'
import { z } from 'zod'
import { conventionsOf } from './conventions.ts'
import { createSchemas, type JsonSchema, type Schemas } from './schemas.ts'

export interface OpenApiParameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

export interface OpenApiContent {
  [mediaType: string]: { schema: JsonSchema; 'x-item-schema'?: JsonSchema }
}

export interface OpenApiResponse {
  description: string
  content?: OpenApiContent
}

/** What is said of one operation (OpenAPI 3.1, section 4.8.10). */
export interface OpenApiOperation {
  operationId: string
  tags: string[]
  summary: string
  deprecated?: true
  /** When it ends, if that is known (RFC 8594). */
  'x-sunset'?: string | undefined
  security?: []
  /** What one must be allowed to do. */
  'x-permission'?: Right
  /** Whose things it is about; absent where anybody may call it. */
  'x-scope'?: 'tenant' | 'server'
  /** Whose roles allow it. */
  'x-roles': string[]
  parameters?: OpenApiParameter[]
  requestBody?: { required: true; content: OpenApiContent }
  responses: Record<string, OpenApiResponse>
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: '3.1.0'
  jsonSchemaDialect: string
  info: { title: string; version: string; description: string }
  servers: Array<{ url: string }>
  tags: Array<{ name: string }>
  security: Array<Record<string, []>>
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> }
}

/** The contract as OpenAPI 3.1: each operation once, in the given order. */
export function openApiDocument(operations: readonly NamedOperation[], version: string): OpenApiDocument {
  const schemas = createSchemas([Problem, ScimError, ...operations.flatMap(({ operation }) => schemasIn(operation))])
  const paths: OpenApiDocument['paths'] = {}
  for (const named of operations) {
    const path = pathOf(named.operation)
    paths[path] = { ...paths[path], [named.operation.method.toLowerCase()]: describe(named, schemas) }
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: 'Azora', version, description: 'Runs AI agents that can be trusted.' },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ group }) => group))].map((name) => ({ name })),
    security: [{ bearer: [] }],
    paths,
    components: { schemas: schemas.components(), securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  }
}

const schemasIn = ({ params, query, headers, body, responses }: Operation): z.ZodType[] =>
  [params, query, headers, body, ...Object.values(responses)].flatMap((part) => {
    if (part === undefined) return []
    return isMedia(part) ? (part.item ?? []) : part
  })

/** The path as OpenAPI writes it. */
export const pathOf = ({ path }: Pick<Operation, 'path'>): string => path.replace('*}', '}')

function describe({ group, name, operation }: NamedOperation, schemas: Schemas): OpenApiOperation {
  const json = jsonTypeOf(operation)
  const { summary, permission, scope, params, query, headers, body, responses, deprecated } = operation
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...parametersOf('header', headers, schemas),
    ...conventionsOf(operation).flatMap(({ place, schema }) => parametersOf(place, schema, schemas)),
  ]
  return {
    operationId: `${group}.${name}`,
    tags: [group],
    summary,
    ...(deprecated && { deprecated: true as const, 'x-sunset': deprecated.sunset }),
    ...(permission === 'public' ? { security: [] as [] } : { 'x-permission': permission }),
    ...(scope !== 'none' && { 'x-scope': scope }),
    'x-roles': permission === 'public' ? [] : rolesThatMay(permission),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true as const, content: contentOf(body, 'input', schemas, json) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, answer]) => [status, responseOf(status, answer, schemas, json)]),
      ),
      ...(operation.hasETag && { 304: { description: STATUS_CODES[304] ?? '' } }),
      ...problemAnswers(operation, schemas),
    },
  }
}

function parametersOf(
  place: OpenApiParameter['in'],
  schema: z.ZodType | undefined,
  schemas: Schemas,
): OpenApiParameter[] {
  if (!(schema instanceof z.ZodObject)) return []
  const described = schemas.inline(schema, 'input') as {
    properties?: Record<string, JsonSchema & { description?: string }>
    required?: string[]
  }
  return Object.entries(described.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || (described.required ?? []).includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

/** By status, the problems that are answered with it. */
function problemAnswers(operation: Operation, schemas: Schemas): Record<string, OpenApiResponse> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of problemsOf(operation)) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  if (operation.dialect === 'scim') return scimErrors(byStatus, schemas)
  const base = schemas.of(Problem, 'output')
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': {
            schema: { allOf: [base, { properties: { status: { const: status }, code: { enum: codes } } }] },
          },
        },
      },
    ]),
  )
}

/** By status, in the form of SCIM; the description names our codes. */
const scimErrors = (byStatus: Map<number, ProblemCode[]>, schemas: Schemas): Record<string, OpenApiResponse> =>
  Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/scim+json': {
            schema: { allOf: [schemas.of(ScimError, 'output'), { properties: { status: { const: String(status) } } }] },
          },
        },
      },
    ]),
  )

/** The media type of JSON in an operation. */
const jsonTypeOf = ({ dialect }: Operation): string =>
  dialect === 'scim' ? 'application/scim+json' : 'application/json'

function responseOf(status: string, answer: z.ZodType | Media, schemas: Schemas, json: string): OpenApiResponse {
  const description = STATUS_CODES[status] ?? status
  const hasNone = status === '101' || (!isMedia(answer) && answer instanceof z.ZodNull)
  return hasNone ? { description } : { description, content: contentOf(answer, 'output', schemas, json) }
}

function contentOf(body: z.ZodType | Media, io: 'input' | 'output', schemas: Schemas, json: string): OpenApiContent {
  if (!isMedia(body)) return { [json]: { schema: schemas.of(body, io) } }
  const { media, item } = body
  if (!item) return { [media]: { schema: {} } }
  const inner = schemas.of(item, io)
  return {
    [media]: media === 'text/event-stream' ? { schema: { type: 'string' }, 'x-item-schema': inner } : { schema: inner },
  }
}

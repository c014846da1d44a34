import fc, { type Arbitrary } from 'fast-check'
import type { OpenApiDocument, OpenApiOperation, OpenApiParameter } from '../../../apps/server/http/openapi/document.ts'
import { flawed, type Known, type Schema, valuesOf } from './arbitrary.ts'

/** An HTTP request as it is sent. */
export interface FuzzRequest {
  method: string
  /** With the query. */
  path: string
  headers: Record<string, string>
  body: Buffer | undefined
}

export interface Target {
  path: string
  method: string
  operation: OpenApiOperation
}

/** Every operation of the document. */
export const targetsOf = ({ paths }: OpenApiDocument): Target[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )

/** Texts that are no JSON, or JSON that isn't accepted. */
const RAW = [
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '{"a":1,"a":2}',
  '{"a":1e400}',
  '{"__proto__":{}}',
  '{"a":"\\ud800"}',
  `${'['.repeat(200)}${']'.repeat(200)}`,
  '\ufeff{}',
  'a=b&c=d',
]
const ODD_SEGMENTS = [
  '',
  '%00',
  '%',
  '%ff',
  '..%2f..',
  '%2e%2e',
  'a b',
  "'",
  'x'.repeat(190),
  'x'.repeat(300),
  '-1',
  'null',
  '💥',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/octet-stream',
  'multipart/form-data',
]

/** Requests for an operation: such as it takes, at the edges of that, and beyond them. */
export function requestsFor(
  { path, method, operation }: Target,
  document: OpenApiDocument,
  known: Known,
  tokens: readonly string[],
): Arbitrary<FuzzRequest> {
  const values = (schema: Schema): Arbitrary<unknown> => valuesOf(schema, document.components.schemas, known)
  const named = (place: OpenApiParameter['in']): OpenApiParameter[] =>
    (operation.parameters ?? []).filter((parameter) => parameter.in === place)
  const texts = ({ name, schema }: OpenApiParameter): Arbitrary<string> => {
    const own = values({ type: 'object', properties: { [name]: schema }, required: [name] }).map((value) =>
      String((value as Record<string, unknown>)[name]),
    )
    return fc.oneof({ arbitrary: own, weight: 5 }, fc.constantFrom(...ODD_SEGMENTS))
  }
  const segments = fc.tuple(
    ...named('path').map((parameter) => texts(parameter).map((text) => [parameter.name, text] as const)),
  )
  const query = fc.tuple(
    ...named('query').map((parameter) => fc.option(texts(parameter).map((text) => [parameter.name, text] as const))),
    fc.option(fc.constantFrom(['unheardOf', '1'], ['limit', '%'], ['limit', '0'], ['cursor', 'x']), { freq: 9 }),
  )
  const headers = fc.tuple(
    ...named('header').map((parameter) =>
      fc.option(texts(parameter).map((text) => [parameter.name, headerText(text)] as const)),
    ),
  )
  const [media = 'application/json', content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const schema = media.endsWith('json') ? content?.schema : undefined
  const json = schema ? values(schema) : fc.constant({})
  const text = fc.oneof(
    { arbitrary: json.map((value) => JSON.stringify(value)), weight: 6 },
    { arbitrary: flawed(json).map((value) => JSON.stringify(value) ?? ''), weight: 5 },
    { arbitrary: fc.constantFrom(...RAW), weight: 1 },
  )
  const body =
    method === 'GET'
      ? fc.constant(undefined)
      : fc.option(
          text.map((value) => Buffer.from(value)),
          { nil: undefined, freq: 12 },
        )
  const type = fc.oneof(
    { arbitrary: fc.constant(schema ? media : 'application/json'), weight: 12 },
    fc.constantFrom(...TYPES),
  )
  const token = fc.oneof({ arbitrary: fc.constant(tokens[0] ?? ''), weight: 12 }, fc.constantFrom(...tokens))
  return fc.record({ segments, query, headers, body, type, token }).map((drawn) => ({
    method,
    path: addressOf(
      path,
      Object.fromEntries(drawn.segments),
      drawn.query.flatMap((pair) => (pair ? [pair] : [])),
    ),
    headers: {
      ...Object.fromEntries(drawn.headers.flatMap((pair) => (pair ? [pair] : []))),
      ...(drawn.token && { authorization: `Bearer ${drawn.token}` }),
      ...(drawn.body && { 'content-type': drawn.type }),
    },
    body: drawn.body,
  }))
}

/** Percent-encoded, except where it is odd on purpose. */
const escaped = (text: string): string =>
  ODD_SEGMENTS.includes(text) && /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed())

function addressOf(path: string, segments: Record<string, string>, query: ReadonlyArray<readonly string[]>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => escaped(segments[name] ?? ''))
  const pairs = query.map(([name = '', value = '']) => `${name}=${escaped(value)}`)
  return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled
}

/** What may stand in a header (RFC 9110, section 5.5). */
const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?')

import type { IncomingHttpHeaders } from 'node:http'
import { parseStrictJson } from '@azora/base'
import { isMedia, type JsonObject, type Operation, type Rpc } from '@azora/contracts'
import type { z } from 'zod'
import type { Call } from '../http/call.ts'
import { invalidRequest } from '../http/problem.ts'

type Parts = Pick<Call<Operation>, 'params' | 'query' | 'headers' | 'body'>

/**
 * What a message asks of its operation, read as strictly as a body of the HTTP API and parsed by the same contract. Throws
 * `invalid_request` and what strict JSON may not hold, such as `json_too_deep`.
 */
export function requestOf(rpc: Rpc, message: JsonObject, metadata: IncomingHttpHeaders): Parts {
  const { operation, body: said, headers: named = {} } = rpc
  const fields = new Map(Object.entries(parseStrictJson(Buffer.from(JSON.stringify(message))) as JsonObject))
  const take = (name: string): [string, unknown] => {
    const value = fields.get(name)
    fields.delete(name)
    return [name, value]
  }
  const params = Object.fromEntries(Object.keys(operation.params?.shape ?? {}).map(take))
  const headers = { ...metadata }
  for (const [header, field] of Object.entries(named)) {
    const [, value] = take(field)
    if (value !== undefined) headers[header] = String(value)
  }
  const rest = Object.fromEntries(fields)
  const bodySchema = operation.body && !isMedia(operation.body) ? operation.body : undefined
  return {
    params: parsed(operation.params, params),
    headers: parsed(operation.headers, headers) as IncomingHttpHeaders,
    query: bodySchema ? {} : parsed(operation.query, rest),
    body: parsed(bodySchema, { ...said, ...rest }),
  } as Parts
}

function parsed(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidRequest(
    result.error.issues.map(({ path, message }) => ({
      pointer: path.map((segment) => `/${String(segment)}`).join(''),
      message,
    })),
  )
}

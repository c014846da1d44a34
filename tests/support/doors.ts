import { randomUUID } from 'node:crypto'
import type { App, RegisteredRoute } from '../../apps/server/http/app.ts'
import { samplesOf } from './sample.ts'

export const bearer = (token: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {})

export const STATEFUL = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Every method of every route that somebody could change something with, or listen in. */
export const guarded = ({ routeTable }: App): Array<{ method: string; route: RegisteredRoute }> =>
  routeTable.flatMap((route) =>
    route.methods
      .filter((method) => STATEFUL.has(method) || route.access !== 'public')
      .map((method) => ({ method, route })),
  )

export const addressOf = ({ url }: RegisteredRoute): string => url.replaceAll(/:\w+/g, () => randomUUID())

export const WRONG_TOKENS = ['', 'nonsense', `azo_${'A'.repeat(43)}`, '%00', 'a'.repeat(5_000)]

/** How a stranger gets past the door: one line each. */
export async function openDoors(of: App): Promise<string[]> {
  await of.ready()
  const found: string[] = []
  for (const { method, route } of guarded(of)) {
    for (const token of WRONG_TOKENS) {
      for (const payload of [{}, ...samplesOf(bodySchemaOf(of, method, route), {}).slice(0, 2)]) {
        const url = addressOf(route)
        const headers = bearer(token)
        const hasBody = STATEFUL.has(method)
        const answer = await of.inject({
          method: method as 'POST',
          url,
          headers,
          ...(hasBody && { payload: payload as object }),
        })
        if (answer.statusCode !== 401)
          found.push(`${method} ${route.url} answers ${answer.statusCode} to "${token.slice(0, 20)}"`)
      }
    }
  }
  return [...new Set(found)]
}

/** JSON Schema of a route's body, as the server describes it; undefined where it takes none. */
export function bodySchemaOf(app: App, method: string, { url }: RegisteredRoute): unknown {
  const { paths } = app.swagger() as unknown as Described
  const path = url.replaceAll(/:(\w+)/g, '{$1}')
  return paths?.[path]?.[method.toLowerCase()]?.requestBody?.content?.['application/json']?.schema
}

/** What is read of an OpenAPI document. */
interface Described {
  paths?: Record<string, Record<string, { requestBody?: { content?: Record<string, { schema?: unknown }> } }>>
}

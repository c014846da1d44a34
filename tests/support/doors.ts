import { randomUUID } from 'node:crypto'
import { isMedia, type Operation, operations } from '@azora/contracts'
import type { Identity, Resolver } from '@azora/identity'
import { z } from 'zod'
import type { App, RegisteredRoute } from '../../apps/server/http/app.ts'
import { samplesOf } from './sample.ts'

export const bearer = (token: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {})

export const STATEFUL = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Where strangers come in: each checks by itself what they bring. */
const SIGN_IN: readonly Operation[] = [
  operations.sessions.start,
  operations.devices.authorize,
  operations.devices.token,
]

/** Who has a bearer token of their own, and nobody else. */
export const byBearer =
  (identity: Identity): Resolver =>
  async (credential) => ({
    principal: await identity.authenticate(credential.kind === 'bearer' ? credential.token : undefined),
    via: 'token',
  })

/** Every method of every route that somebody could change something with, or listen in. */
export const guarded = ({ routeTable }: App): Array<{ method: string; route: RegisteredRoute }> =>
  routeTable
    .filter(({ operation }) => !SIGN_IN.includes(operation))
    .filter(({ operation: { method, permission } }) => STATEFUL.has(method) || permission !== 'public')
    .map((route) => ({ method: route.operation.method, route }))

export const addressOf = ({ url }: RegisteredRoute): string => url.replaceAll(/:\w+/g, () => randomUUID())

export const WRONG_TOKENS = ['', 'nonsense', `azo_${'A'.repeat(43)}`, `azk_${'A'.repeat(43)}`, '%00', 'a'.repeat(5_000)]

/** How a stranger gets past the door: one line each. */
export async function openDoors(of: App): Promise<string[]> {
  await of.ready()
  const found: string[] = []
  for (const { method, route } of guarded(of)) {
    for (const token of WRONG_TOKENS) {
      for (const payload of [{}, ...samplesOf(bodySchemaOf(route), {}).slice(0, 2)]) {
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

/** JSON Schema of a route's body; undefined where it takes none. */
export function bodySchemaOf({ operation: { body } }: RegisteredRoute): unknown {
  return body && !isMedia(body) ? z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) : undefined
}

import { PayloadKeyView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

const Keys = z.strictObject({ items: z.array(PayloadKeyView) })

/** The keys that a tenant's payloads are encrypted under in the database. */
export function payloadKeyRoutes(
  app: App,
  journal: Pick<Journal, 'payloadKeys' | 'rotatePayloadKey' | 'status'>,
): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/payload-keys',
    config: { access: 'owner' },
    schema: {
      summary: 'The keys that payloads are encrypted under, oldest first',
      params: ShardParams,
      response: { 200: Keys },
    },
    handler: async ({ principal, params }) => {
      check(params)
      return { items: journal.payloadKeys(principal.tenant) }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/journal/:shard/payload-keys',
    config: { access: 'owner' },
    schema: {
      summary: 'Let new payloads be encrypted under a new key',
      params: ShardParams,
      body: z.strictObject({}),
      response: { 200: Keys },
    },
    handler: async ({ principal: { id: actor, tenant }, params }) => {
      check(params)
      return { items: await journal.rotatePayloadKey({ actor, tenant }) }
    },
  })
}

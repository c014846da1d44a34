import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

const { payloadKeys, rotatePayloadKey } = operations.journal

/** The keys that a tenant's payloads are encrypted under in the database. */
export function payloadKeyRoutes(
  app: App,
  journal: Pick<Journal, 'payloadKeys' | 'rotatePayloadKey' | 'status'>,
): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  serve(app, payloadKeys, async ({ principal, params }) => {
    check(params)
    return { items: journal.payloadKeys(principal.tenant) }
  })
  serve(app, rotatePayloadKey, async ({ principal: { id: actor, tenant }, params }) => {
    check(params)
    return { items: await journal.rotatePayloadKey({ actor, tenant }) }
  })
}

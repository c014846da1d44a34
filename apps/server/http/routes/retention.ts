import { operations } from '@azora/contracts'
import type { Retention } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

export interface RetentionRouteDeps {
  retention: Retention
  journal: Pick<Journal, 'status'>
}

const { list, set, run } = operations.retention

/** How long payloads are kept, by their class. */
export function retentionRoutes(app: App, { retention, journal }: RetentionRouteDeps): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  serve(app, list, async ({ principal, params }) => {
    check(params)
    return { items: retention.rules(principal.tenant) }
  })
  serve(app, set, async ({ principal, params, body }) => {
    check(params)
    return { items: await retention.set(principal, body) }
  })
  serve(app, run, async ({ principal, params, body }) => {
    check(params)
    return { items: await retention.run(principal.tenant, body) }
  })
}

import { operations } from '@azora/contracts'
import type { Erasures } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

export interface ErasureRouteDeps {
  erasures: Erasures
  journal: Pick<Journal, 'status'>
}

const { preview, erase, list, get } = operations.erasures

/** Lawful erasure: what it would take, doing it by the owner's signature, and what was erased. */
export function erasureRoutes(app: App, { erasures, journal }: ErasureRouteDeps): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  serve(app, preview, async ({ principal, params, body }) => {
    check(params)
    return erasures.preview(principal.tenant, body.selection)
  })
  serve(app, erase, async ({ principal, params, body }) => {
    check(params)
    return erasures.erase(principal, body)
  })
  serve(app, list, async ({ principal, params, query }) => {
    check(params)
    return erasures.list(principal.tenant, query)
  })
  serve(app, get, async ({ principal, params }) => {
    check(params)
    return erasures.show(principal.tenant, params.erasureId)
  })
}

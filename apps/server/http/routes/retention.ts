import { RetentionRequest, RetentionRun, RetentionRunRequest, RetentionView } from '@azora/contracts'
import type { Retention } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

export interface RetentionRouteDeps {
  retention: Retention
  journal: Pick<Journal, 'status'>
}

const Rules = z.strictObject({ items: z.array(RetentionView) })

/** How long payloads are kept, by their class. */
export function retentionRoutes(app: App, { retention, journal }: RetentionRouteDeps): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/retention',
    config: { access: ['owner', 'reviewer', 'auditor'] },
    schema: { summary: 'The retention rules that hold', params: ShardParams, response: { 200: Rules } },
    handler: async ({ principal, params }) => {
      check(params)
      return { items: retention.rules(principal.tenant) }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/journal/:shard/retention',
    config: { access: 'owner' },
    schema: {
      summary: 'Sets or removes the rule of a class, by the owner’s signature',
      params: ShardParams,
      body: RetentionRequest,
      response: { 200: Rules },
    },
    handler: async ({ principal, params, body }) => {
      check(params)
      return { items: await retention.set(principal, body) }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/journal/:shard/retention/run',
    config: { access: 'owner' },
    schema: {
      summary: 'Applies the rules now, or says what they would erase',
      params: ShardParams,
      body: RetentionRunRequest,
      response: { 200: z.strictObject({ items: z.array(RetentionRun) }) },
    },
    handler: async ({ principal, params, body }) => {
      check(params)
      return { items: await retention.run(principal.tenant, body) }
    },
  })
}

import {
  ErasurePreview,
  ErasurePreviewRequest,
  ErasureRequest,
  ErasureView,
  ListErasuresQuery,
  Page,
} from '@azora/contracts'
import type { Erasures } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

export interface ErasureRouteDeps {
  erasures: Erasures
  journal: Pick<Journal, 'status'>
}

/** Lawful erasure: what it would take, doing it by the owner's signature, and what was erased. */
export function erasureRoutes(app: App, { erasures, journal }: ErasureRouteDeps): void {
  const check = ({ shard }: { shard: string }): void => assertShard(shard, journal.status().shard)
  app.route({
    method: 'POST',
    url: '/api/v1/journal/:shard/erasures/preview',
    config: { access: 'owner' },
    schema: {
      summary: 'What an erasure would erase; nothing is',
      params: ShardParams,
      body: ErasurePreviewRequest,
      response: { 200: ErasurePreview },
    },
    handler: async ({ principal, params, body }) => {
      check(params)
      return erasures.preview(principal.tenant, body.selection)
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/journal/:shard/erasures',
    config: { access: 'owner' },
    schema: {
      summary: 'Erases the payloads that the signed statement names, for good',
      params: ShardParams,
      body: ErasureRequest,
      response: { 201: ErasureView },
    },
    handler: async ({ principal, params, body }, reply) => {
      check(params)
      return reply.code(201).send(await erasures.erase(principal, body))
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/erasures',
    config: { access: ['owner', 'reviewer', 'auditor'] },
    schema: {
      summary: 'What was erased, by whom and under which rule, in the order of the log',
      params: ShardParams,
      querystring: ListErasuresQuery,
      response: { 200: Page(ErasureView) },
    },
    handler: async ({ principal, params, query }) => {
      check(params)
      return erasures.list(principal.tenant, query)
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/erasures/:erasureId',
    config: { access: ['owner', 'reviewer', 'auditor'] },
    schema: {
      summary: 'One erasure',
      params: ShardParams.extend({ erasureId: z.uuid() }),
      response: { 200: ErasureView },
    },
    handler: async ({ principal, params }) => {
      check(params)
      return erasures.show(principal.tenant, params.erasureId)
    },
  })
}

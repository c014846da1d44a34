import { AzoraError } from '@azora/base'
import { ListCheckpointsQuery, Page, PublishedCheckpoint } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'

const Params = z.strictObject({ shard: z.string().max(100) })

/** What the journal made public, so that anybody who kept a checkpoint can look it up. */
export function checkpointRoutes(app: App, journal: Pick<Journal, 'publishedCheckpoints' | 'status'>): void {
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/checkpoints',
    config: { access: ['owner', 'reviewer', 'auditor', 'witness', 'node'] },
    schema: {
      summary: 'Every checkpoint that was published, with its cosignatures, smallest first',
      params: Params,
      querystring: ListCheckpointsQuery,
      response: { 200: Page(PublishedCheckpoint) },
    },
    handler: async ({ params, query: { cursor, limit } }) => {
      assertShard(params.shard, journal.status().shard)
      const items = await journal.publishedCheckpoints(cursor, limit)
      const last = items.at(-1)
      return { items, ...(last && items.length === limit && { next: String(last.size) }) }
    },
  })
}

/** In an address a shard goes by the last segment of its name. */
export function assertShard(given: string, shard: string): void {
  if (given === shard.split('/').at(-1)) return
  throw new AzoraError('missing', 'shard_not_found', `there is no journal shard ${given}`)
}

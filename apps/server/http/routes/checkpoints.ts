import { ListCheckpointsQuery, Page, PublishedCheckpoint } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

/** What the journal made public, so that anybody who kept a checkpoint can look it up. */
export function checkpointRoutes(app: App, journal: Pick<Journal, 'publishedCheckpoints' | 'status'>): void {
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/checkpoints',
    config: { access: ['owner', 'reviewer', 'auditor', 'witness', 'node'] },
    schema: {
      summary: 'Every checkpoint that was published, with its cosignatures, smallest first',
      params: ShardParams,
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

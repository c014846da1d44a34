import { ListCheckpointsQuery, Page, PublishedCheckpoint, WitnessingView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

export interface CheckpointRouteDeps {
  journal: Pick<Journal, 'publishedCheckpoints' | 'status'>
  /** Undefined where no witnesses are asked. */
  witnesses: Pick<Witnesses, 'view'> | undefined
}

const ACCESS = ['owner', 'reviewer', 'auditor', 'witness', 'node'] as const

/** What the journal made public, so that anybody who kept a checkpoint can look it up, and who cosigns it. */
export function checkpointRoutes(app: App, { journal, witnesses }: CheckpointRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/checkpoints',
    config: { access: ACCESS },
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
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/witnesses',
    config: { access: ACCESS },
    schema: {
      summary: 'Whether enough witnesses cosign what is published, and what each of them says',
      params: ShardParams,
      response: { 200: WitnessingView },
    },
    handler: async ({ params }) => {
      assertShard(params.shard, journal.status().shard)
      return witnesses?.view() ?? { rule: 'none', holds: true, witnesses: [] }
    },
  })
}

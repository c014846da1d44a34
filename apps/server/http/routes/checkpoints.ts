import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

export interface CheckpointRouteDeps {
  journal: Pick<Journal, 'publishedCheckpoints' | 'status'>
  /** Undefined where no witnesses are asked. */
  witnesses: Pick<Witnesses, 'view'> | undefined
}

/** What the journal made public, so that anybody who kept a checkpoint can look it up, and who cosigns it. */
export function checkpointRoutes(app: App, { journal, witnesses }: CheckpointRouteDeps): void {
  serve(app, operations.journal.checkpoints, async ({ params, query: { cursor, limit } }) => {
    assertShard(params.shard, journal.status().shard)
    const items = await journal.publishedCheckpoints(cursor, limit)
    const last = items.at(-1)
    return { items, ...(last && items.length === limit && { next: String(last.size) }) }
  })
  serve(app, operations.journal.witnesses, async ({ params }) => {
    assertShard(params.shard, journal.status().shard)
    return witnesses?.view() ?? { rule: 'none', holds: true, witnesses: [] }
  })
}

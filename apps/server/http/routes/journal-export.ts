import { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

const index = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()
const Query = z.strictObject({ from: index, to: index })

const EXPORTS_MAX = 4
/** A reader that takes nothing for so long is cut off; it asks again from where it stands. */
const STALLED_MS = 60_000

/** The whole log as a stream, for those who verify it. */
export function exportRoutes(app: App, journal: Pick<Journal, 'export' | 'status'>): void {
  let running = 0
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/export',
    config: { access: ['owner', 'auditor'] },
    schema: {
      summary: 'The log with what is kept beside it, as frames that need no parsing to be hashed',
      params: ShardParams,
      querystring: Query,
    },
    handler: async ({ params, query }, reply) => {
      assertShard(params.shard, journal.status().shard)
      if (running >= EXPORTS_MAX) throw busy()
      running += 1
      const pages = journal.export(query)
      try {
        // The range is checked before the answer begins.
        const first = await pages.next()
        const stream = Readable.from(rest(first, pages), { objectMode: false })
        stream.once('close', () => {
          running -= 1
        })
        reply.raw.setTimeout(STALLED_MS, () => stream.destroy())
        return reply.type('application/vnd.azora.journal-export').header('cache-control', 'no-store').send(stream)
      } catch (thrown) {
        running -= 1
        throw thrown
      }
    },
  })
}

async function* rest(
  first: IteratorResult<Buffer, void>,
  pages: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (first.done) return
  yield first.value
  yield* pages
}

const busy = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `${EXPORTS_MAX} exports of the journal are running`, { retryAfterMs: 5_000 })

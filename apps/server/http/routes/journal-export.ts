import { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

const EXPORTS_MAX = 4
/** A reader that takes nothing for so long is cut off; it asks again from where it stands. */
const STALLED_MS = 60_000

/** The whole log as a stream, for those who verify it. */
export function exportRoutes(app: App, journal: Pick<Journal, 'export' | 'status'>): void {
  let running = 0
  serve(app, operations.journal.export, async ({ params, query }, reply) => {
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

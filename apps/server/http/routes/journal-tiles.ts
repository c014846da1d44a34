import { AzoraError } from '@azora/base'
import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { parseTilePath, type TilePath } from '@azora/proof'
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

/** What a tile holds is committed and never changes. It is for the caller alone, as it took a token. */
const FOR_GOOD = 'private, max-age=31536000, immutable'

/** The log as tiles (C2SP tlog-tiles), so that existing tools can follow it. */
export function journalTileRoutes(app: App, journal: Pick<Journal, 'proofs' | 'status'>): void {
  async function send(reply: FastifyReply, shard: string, path: string, tile: TilePath | undefined) {
    assertShard(shard, journal.status().shard)
    const bytes = tile && (await journal.proofs.tile(tile))
    if (!bytes) throw noTile(path)
    return reply.type('application/octet-stream').header('cache-control', FOR_GOOD).send(bytes)
  }
  serve(app, operations.journal.entryTile, async ({ params }, reply) => {
    const path = `tile/entries/${params.tile}`
    return send(reply, params.shard, path, parseTilePath(path))
  })
  serve(app, operations.journal.tile, async ({ params }, reply) => {
    const path = `tile/${params.tile}`
    const tile = parseTilePath(path)
    // Headers stay behind their own door, however the address is written.
    return send(reply, params.shard, path, tile?.level === 'entries' ? undefined : tile)
  })
}

const noTile = (path: string): AzoraError =>
  new AzoraError('missing', 'tile_not_found', `the log has no ${path}`, {
    remedy: 'Take the width of the last tile on a level from the size of a checkpoint.',
  })

import { AzoraError } from '@azora/base'
import type { Journal } from '@azora/journal'
import { parseTilePath, type TilePath } from '@azora/proof'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'
import { FOLLOWERS } from './journal-proofs.ts'

const Params = ShardParams.extend({ '*': z.string().max(100) })

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
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/tile/entries/*',
    config: { access: ['owner', 'auditor'] },
    schema: { summary: 'Headers of up to 256 entries: who did what for which tenant, and when', params: Params },
    handler: async ({ params }, reply) => {
      const path = `tile/entries/${params['*']}`
      return send(reply, params.shard, path, parseTilePath(path))
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/tile/*',
    config: { access: FOLLOWERS },
    schema: { summary: 'Up to 256 neighbouring hashes of the tree', params: Params },
    handler: async ({ params }, reply) => {
      const path = `tile/${params['*']}`
      const tile = parseTilePath(path)
      // Headers stay behind their own door, however the address is written.
      return send(reply, params.shard, path, tile?.level === 'entries' ? undefined : tile)
    },
  })
}

const noTile = (path: string): AzoraError =>
  new AzoraError('missing', 'tile_not_found', `the log has no ${path}`, {
    remedy: 'Take the width of the last tile on a level from the size of a checkpoint.',
  })

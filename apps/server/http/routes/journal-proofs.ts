import { ConsistencyProof, ConsistencyProofQuery, InclusionProof, InclusionProofQuery } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { assertShard, ShardParams } from '../shard.ts'

/** Checkpoints, hashes and proofs name nobody: whoever follows the log may have them. */
export const FOLLOWERS = ['owner', 'reviewer', 'auditor', 'witness'] as const

const TEXT = 'text/plain; charset=utf-8'
const EntryParams = ShardParams.extend({ index: InclusionProofQuery.shape.index })

/** Proofs about any size of the log. */
export function journalProofRoutes(
  app: App,
  journal: Pick<Journal, 'proofs' | 'publishedCheckpoint' | 'status'>,
  witnesses?: Pick<Witnesses, 'view'>,
): void {
  const assertThis = (shard: string): void => assertShard(shard, journal.status().shard)
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/checkpoint',
    config: { access: FOLLOWERS },
    schema: {
      summary: 'The newest public checkpoint with its cosignatures (C2SP tlog-checkpoint)',
      params: ShardParams,
      produces: ['text/plain'],
      response: { 200: z.string() },
    },
    handler: async ({ params }, reply) => {
      assertThis(params.shard)
      return reply
        .type(TEXT)
        .headers({ 'cache-control': 'no-cache', ...quorumHeaders(witnesses) })
        .send(journal.publishedCheckpoint().note)
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/proof/inclusion',
    config: { access: FOLLOWERS },
    schema: {
      summary: 'That an entry is in the tree of a size (RFC 9162)',
      params: ShardParams,
      querystring: InclusionProofQuery,
      response: { 200: InclusionProof },
    },
    handler: async ({ params, query: { index, size } }) => {
      assertThis(params.shard)
      return journal.proofs.inclusion(index, size)
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/proof/consistency',
    config: { access: FOLLOWERS },
    schema: {
      summary: 'That the tree of one size continues that of another (RFC 9162)',
      params: ShardParams,
      querystring: ConsistencyProofQuery,
      response: { 200: ConsistencyProof },
    },
    handler: async ({ params, query: { from, to } }) => {
      assertThis(params.shard)
      return journal.proofs.consistency(from, to)
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/journal/:shard/proof/entry/:index',
    config: { access: FOLLOWERS },
    schema: {
      summary: 'That an entry is under the newest public checkpoint, as one text (C2SP tlog-proof)',
      params: EntryParams,
      produces: ['text/plain'],
      response: { 200: z.string() },
    },
    handler: async ({ params }, reply) => {
      assertThis(params.shard)
      return reply.type(TEXT).send(await journal.proofs.entry(params.index))
    },
  })
}

/** Whether enough witnesses cosign, beside the note, whose form leaves no room for it. */
function quorumHeaders(witnesses: Pick<Witnesses, 'view'> | undefined): Record<string, string> {
  if (!witnesses) return {}
  const { rule, holds, since } = witnesses.view()
  return { 'azora-quorum': holds ? 'met' : `not met since ${since}`, 'azora-quorum-rule': encodeURI(rule) }
}

import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { assertShard } from '../shard.ts'

const TEXT = 'text/plain; charset=utf-8'
const { checkpoint, inclusionProof, consistencyProof, entryProof } = operations.journal

/** Proofs about any size of the log. */
export function journalProofRoutes(
  app: App,
  journal: Pick<Journal, 'proofs' | 'publishedCheckpoint' | 'status'>,
  witnesses?: Pick<Witnesses, 'view'>,
): void {
  const assertThis = (shard: string): void => assertShard(shard, journal.status().shard)
  serve(app, checkpoint, async ({ params }, reply) => {
    assertThis(params.shard)
    return reply
      .type(TEXT)
      .headers({ 'cache-control': 'no-cache', ...quorumHeaders(witnesses) })
      .send(journal.publishedCheckpoint().note)
  })
  serve(app, inclusionProof, async ({ params, query: { index, size } }) => {
    assertThis(params.shard)
    return journal.proofs.inclusion(index, size)
  })
  serve(app, consistencyProof, async ({ params, query: { from, to } }) => {
    assertThis(params.shard)
    return journal.proofs.consistency(from, to)
  })
  serve(app, entryProof, async ({ params }, reply) => {
    assertThis(params.shard)
    return reply.type(TEXT).send(await journal.proofs.entry(params.index))
  })
}

/** Whether enough witnesses cosign, beside the note, whose form leaves no room for it. */
function quorumHeaders(witnesses: Pick<Witnesses, 'view'> | undefined): Record<string, string> {
  if (!witnesses) return {}
  const { rule, holds, since } = witnesses.view()
  return { 'azora-quorum': holds ? 'met' : `not met since ${since}`, 'azora-quorum-rule': encodeURI(rule) }
}

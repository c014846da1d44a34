import { AzoraError } from '@azora/base'
import type { Batch, JournalStore } from './store/port.ts'

/**
 * Resolves when the batch is durable. A rejection with the advice to retry leaves open whether it is; calling again with
 * the same batch can't append it twice.
 */
export async function commit(store: Pick<JournalStore, 'append' | 'head'>, batch: Batch): Promise<void> {
  try {
    if (await store.append(batch)) return
  } catch (thrown) {
    // Of a batch that is in already, nothing is new any more.
    if (!isNotNew(thrown) || !(await isDurable(store, batch))) throw thrown
    return
  }
  if (await isDurable(store, batch)) return
  throw diverged(batch.shard)
}

/** Whether the shard ends with the batch; false when it stands where it stood before. Throws when it is elsewhere. */
export async function isDurable(
  store: Pick<JournalStore, 'head'>,
  { shard, epoch, checkpoint, expectedSize }: Batch,
): Promise<boolean> {
  const head = await store.head(shard)
  if (head?.epoch !== epoch) throw fenced(shard)
  // The size alone could be that of another batch; the signed root is that of this one.
  if (head.checkpoint === checkpoint) return true
  if (head.size === expectedSize) return false
  throw diverged(shard)
}

/** True when nothing was written, as something that was taken for new is in the log. */
export const isNotNew = (thrown: unknown): boolean => thrown instanceof AzoraError && thrown.code === 'journal_not_new'

/** True for errors after which a writer can't remember anything any more. */
export const isFinal = ({ code }: AzoraError): boolean => code === 'journal_fenced' || code === 'journal_diverged'

export const fenced = (shard: string): AzoraError =>
  new AzoraError('conflict', 'journal_fenced', `another server has taken over journal shard ${shard}`, {
    remedy: 'This server has stopped; the other one goes on with its runs. Let only one server use a database.',
  })

const diverged = (shard: string): AzoraError =>
  new AzoraError('conflict', 'journal_diverged', `journal shard ${shard} doesn't end where its only writer left it`, {
    remedy: 'Start the server again; if it refuses, restore the database from a backup.',
  })

import { AzoraError } from '@azora/base'
import { equal, type Frontier, isConsistent, openCheckpoint, rootOf, type Verifier } from '@azora/proof'
import type { JournalStore } from '../store/port.ts'
import { proveConsistency } from '../tree.ts'
import type { Published } from './port.ts'

export interface PrefixDeps {
  shard: string
  store: Pick<JournalStore, 'readNodes'>
  /** The tree that the writer goes on from. */
  frontier: Frontier
  /** The keys that signed the log so far. */
  verifiers: readonly Verifier[]
}

/**
 * What was promised in public still holds: the newest published checkpoint is signed by the log and is the writer's tree or
 * a prefix of it. Throws `journal_corrupt`.
 */
export async function assertPublished(published: Published | undefined, deps: PrefixDeps): Promise<void> {
  const flaw = await flawInPublished(published, deps)
  if (flaw === undefined) return
  throw new AzoraError('conflict', 'journal_corrupt', `journal shard ${deps.shard}: ${flaw}`, {
    remedy: 'Restore the database from a backup that has everything which was published.',
  })
}

async function flawInPublished(
  published: Published | undefined,
  { shard, store, frontier, verifiers }: PrefixDeps,
): Promise<string | undefined> {
  if (!published)
    // Size 0 is published before anything is appended.
    return frontier.size === 0
      ? undefined
      : `the log holds ${frontier.size} entries, and nothing is published: the published checkpoints were removed`
  const { size, root, note } = published
  const name = `the published checkpoint of ${size} entries`
  const signed = openCheckpoint(note, ...verifiers)
  if (!signed) return `${name} is not signed by a key of this journal: it was changed`
  if (signed.origin !== shard || signed.size !== size || !equal(signed.root, root))
    return `${name} is stored beside the note of another one`
  if (size > frontier.size)
    return `${name} is public, and the log holds only ${frontier.size}: its tail was cut off, or an older database was restored`
  const flaw = `${name} is no prefix of the log now: entries that were public were changed`
  const path = await proveConsistency(store, shard, size, frontier.size).catch((thrown) => {
    // A node that is gone proves nothing.
    if (thrown instanceof AzoraError && thrown.code === 'journal_node_missing') return undefined
    throw thrown
  })
  const now = { size: frontier.size, root: rootOf(frontier) }
  return path && isConsistent({ size, root }, now, path) ? undefined : flaw
}

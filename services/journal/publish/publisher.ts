import { AzoraError, type Clock, type Log, timestamp, toAzoraError } from '@azora/base'
import type { PublishedCheckpoint } from '@azora/contracts'
import { openCheckpoint, toBase64, type Verifier } from '@azora/proof'
import type { CheckpointStore, Published } from './port.ts'

/** Makes the newest committed tree head public, at least once a second while entries arrive. */
export interface Publisher {
  newest(): PublishedCheckpoint
  /** Tells that entries were committed. */
  onCommit(): void
  /** Called with each checkpoint after it is durable. Returns a function that stops it. */
  subscribe(listener: (checkpoint: PublishedCheckpoint) => void): () => void
  /** Adds a witness' signature line to a published checkpoint. */
  cosign(cosignature: { size: number; witness: string; line: string }): Promise<void>
  /** Publishes what is committed and not published yet, then nothing any more. */
  close(): Promise<void>
}

export interface PublisherDeps {
  shard: string
  epoch: number
  checkpoints: CheckpointStore
  /** The last signed head; undefined once another writer has the shard. */
  head: () => Promise<string | undefined>
  /** Who may have signed the head. */
  verifiers: () => readonly Verifier[]
  clock: Clock
  log: Log
  /** Time between two checkpoints while entries arrive; less than a second by default. */
  everyMs?: number | undefined
}

/** Less than a second, so that what takes its time to become durable is still public within one. */
const PUBLISH_EVERY_MS = 800
const RETRY_MS = 1_000

/**
 * Starts with publishing the head, so that what a crash left unpublished is public before anything is added.
 *
 * @param before the newest checkpoint that was published so far
 */
export async function createPublisher(deps: PublisherDeps, before: Published | undefined): Promise<Publisher> {
  const { shard, epoch, checkpoints, clock, log, everyMs = PUBLISH_EVERY_MS } = deps
  const listeners = new Set<(checkpoint: PublishedCheckpoint) => void>()
  let last = before
  let lastAtMs = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let publishing: Promise<void> | undefined
  let unpublished = false
  let closed = false

  async function publish(): Promise<void> {
    unpublished = false
    lastAtMs = clock.now()
    const note = await deps.head()
    const head = note === undefined ? undefined : openCheckpoint(note, ...deps.verifiers())
    if (note === undefined) return
    if (head?.origin !== shard || head.size < (last?.size ?? 0)) throw strange(shard)
    if (last && head.size === last.size) return
    const publishedAt = new Date(Math.max(clock.now(), last?.publishedAt.getTime() ?? 0))
    const checkpoint = { size: head.size, root: head.root, note, publishedAt }
    if (!(await checkpoints.publish(shard, epoch, checkpoint))) return
    last = { ...checkpoint, cosignatures: [] }
    const view = viewOf(last)
    for (const listener of listeners) listener(view)
  }

  const attempt = (): Promise<void> => {
    publishing ??= publish()
      .catch((thrown) => {
        unpublished = true
        log.error({ err: toAzoraError(thrown) }, 'the checkpoint could not be published')
        arm(RETRY_MS)
      })
      .finally(() => {
        publishing = undefined
        if (unpublished) arm(everyMs)
      })
    return publishing
  }
  const arm = (ms: number): void => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      void attempt()
    }, ms).unref()
  }

  await publish()
  return {
    newest: () => {
      if (last) return viewOf(last)
      throw new AzoraError(
        'retry',
        'checkpoint_unpublished',
        `journal shard ${shard} has published no checkpoint yet`,
        {
          retryAfterMs: 1_000,
        },
      )
    },
    onCommit() {
      unpublished = true
      if (!publishing) arm(Math.min(everyMs, Math.max(0, lastAtMs + everyMs - clock.now())))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async cosign({ size, witness, line }) {
      const added = await checkpoints.cosign(shard, { size, witness, line, receivedAt: new Date(clock.now()) })
      if (added && last?.size === size) last = { ...last, cosignatures: [...last.cosignatures, line] }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await publishing
      await attempt()
    },
  }
}

export const viewOf = ({ size, root, note, publishedAt, cosignatures }: Published): PublishedCheckpoint => ({
  size,
  root: toBase64(root),
  note: `${note}${cosignatures
    .toSorted()
    .map((line) => `${line}\n`)
    .join('')}`,
  publishedAt: timestamp(publishedAt.getTime()),
})

const strange = (shard: string): AzoraError =>
  new AzoraError('conflict', 'journal_diverged', `journal shard ${shard} doesn't end where its only writer left it`, {
    remedy: 'Start the server again; if it refuses, restore the database from a backup.',
  })

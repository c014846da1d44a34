import { Buffer } from 'node:buffer'
import { AzoraError } from '@azora/base'
import type { EntryRecord } from '@azora/contracts'
import { BEHIND_BYTES_MAX, type FollowedRun, followRun, type RunSource } from '../http/follow-run.ts'

/**
 * A run's entries, one by one as the reader takes them, until the run has ended or the signal aborts. Throws `overloaded`
 * after the last entry that fits when the reader is too slow, and `unauthenticated` when it may not read on.
 */
export async function* recordsOf(
  journal: RunSource,
  what: FollowedRun,
  signal: AbortSignal,
  bufferedBytesMax = BEHIND_BYTES_MAX,
): AsyncGenerator<EntryRecord> {
  const waiting: Array<{ record: EntryRecord; bytes: number }> = []
  let bytesWaiting = 0
  let end: { thrown?: unknown } | undefined
  let wake = (): void => {}
  const endWith = (how: { thrown?: unknown }): void => {
    end ??= how
    wake()
  }
  const follower = {
    entry(record: EntryRecord) {
      if (end) return
      const bytes = Buffer.byteLength(JSON.stringify(record))
      if (bytesWaiting > 0 && bytesWaiting + bytes > bufferedBytesMax) return endWith({ thrown: tooSlow() })
      bytesWaiting += bytes
      waiting.push({ record, bytes })
      wake()
    },
    ended: () => endWith({}),
    accessEnded: () => endWith({ thrown: accessEnded(what.reader.id) }),
  }
  const over = new AbortController()
  signal.addEventListener('abort', () => endWith({}), { once: true })
  followRun(journal, what, follower, AbortSignal.any([signal, over.signal])).catch((thrown) => endWith({ thrown }))
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        bytesWaiting -= next.bytes
        yield next.record
      }
      if (end) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (end.thrown !== undefined) throw end.thrown
  } finally {
    over.abort()
  }
}

const tooSlow = (): AzoraError =>
  new AzoraError('retry', 'overloaded', 'entries are taken more slowly than they come', {
    remedy: 'Watch again after the index of the last entry.',
    retryAfterMs: 0,
  })

const accessEnded = (reader: string): AzoraError =>
  new AzoraError('authenticate', 'unauthenticated', `${reader} was removed or signed out`)

import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { JournalKeyView } from '@azora/contracts'
import { endorse, type KeyStore, type Signing } from './signing.ts'
import type { Writer } from './writer.ts'

export interface Rotation {
  /**
   * Lets a new key take over. Resolves when that is on record. Throws `rotation_unsupported` without a store for keys,
   * and `rotation_in_progress` while an old key still signs.
   */
  rotate(request: { tenant: string; actor: string; overlapMs: number }): Promise<JournalKeyView[]>
  /** Forgets the old key's private half as soon as it may not sign any more. */
  watch(): void
  stop(): void
}

interface RotationDeps {
  shard: string
  keys: KeyStore | undefined
  signing: Signing
  writer: Pick<Writer, 'append'>
  clock: Clock
  log: Log
}

/** A timer can't wait longer. */
const TIMER_MS_MAX = 2_147_483_647

/**
 * The order makes each moment safe to die in: the new private key is on disk before it signs anything, it signs beside
 * the old one before it is endorsed, and the old private key stays until its successor is on record. What then became of
 * it is read from the journal at the next start.
 */
export function createRotation({ shard, keys, signing, writer, clock, log }: RotationDeps): Rotation {
  let busy = false
  let timer: NodeJS.Timeout | undefined

  const settleNow = async (): Promise<void> => {
    // As long as nobody knows whether a key took over, its private half is needed, and so is the old one's.
    if (signing.admitted) return
    await keys?.settle(signing.active, signing.retiringAt(clock.now())?.verifier)
  }
  let settled = Promise.resolve()
  /** One at a time: the end of an overlap may come while the next rotation begins, and both move the same files. */
  const settle = (): Promise<void> => {
    settled = settled.then(settleNow, settleNow)
    return settled
  }
  const putAway = (): Promise<void> =>
    settle().catch((thrown) => log.error({ err: toAzoraError(thrown) }, 'the journal keys could not be put away'))

  const watch = (): void => {
    clearTimeout(timer)
    const until = signing.retiringAt(clock.now()) && signing.chain.at(-1)?.statement.previousUntil
    if (until === undefined) return
    const leftMs = Math.max(0, Date.parse(until) - clock.now())
    timer = setTimeout(
      () => {
        if (signing.retiringAt(clock.now())) watch()
        else if (!busy) void putAway()
      },
      Math.min(TIMER_MS_MAX, leftMs),
    ).unref()
  }

  async function takeOver(store: KeyStore, { tenant, actor, overlapMs }: Parameters<Rotation['rotate']>[0]) {
    await settle()
    const next = signing.admitted ?? (await store.stage())
    const [active] = signing.signersAt(clock.now())
    if (!active) throw unsupported(shard)
    signing.admit(next)
    await writer.append({
      kind: 'journal.key_rotated',
      tenant,
      actor,
      payload: { endorsement: endorse(active, next, overlapMs, clock.now()) },
      // An attempt whose end nobody knows is not made twice.
      key: `journal-key ${next.verifier.text}`,
    })
    // On record, it is done; a disk that fails now is made good at the next start.
    await putAway()
    watch()
  }

  return {
    async rotate(request) {
      if (!keys) throw unsupported(shard)
      if (busy || signing.retiringAt(clock.now())) throw inProgress(shard)
      busy = true
      try {
        await takeOver(keys, request)
      } finally {
        busy = false
      }
      return signing.views(clock.now())
    },
    watch,
    stop: () => clearTimeout(timer),
  }
}

const unsupported = (shard: string): AzoraError =>
  new AzoraError('conflict', 'rotation_unsupported', `the key of journal shard ${shard} is kept elsewhere`)

const inProgress = (shard: string): AzoraError =>
  new AzoraError('conflict', 'rotation_in_progress', `an older key of journal shard ${shard} still signs`, {
    remedy: 'Wait until its overlap has ended: azora journal keys says when.',
  })

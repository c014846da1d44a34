import type { PublishedCheckpoint, WitnessingView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { openCosignedCheckpoint, type WitnessKey, type WitnessPolicy } from '@azora/proof'
import { type CourierDeps, createCourier } from './courier.ts'
import { createQuorum } from './quorum.ts'

export interface Witnesses {
  view(): WitnessingView
  /** Brings the newest checkpoint once more, then ends. */
  stop(): Promise<void>
}

export interface WitnessesDeps extends Omit<CourierDeps, 'journal'> {
  journal: CourierDeps['journal'] & Pick<Journal, 'onPublished' | 'publishedCheckpoint'>
  policy: WitnessPolicy
}

const LAST_ROUND_MS = 4_000

/**
 * Collects cosignatures in rounds: all witnesses are asked for the same checkpoint at one time, so that those of one quorum
 * come together; the next round takes what is newest then. Appends never wait for it.
 */
export function startWitnesses(deps: WitnessesDeps): Witnesses {
  const { journal, policy, now } = deps
  const couriers = policy.witnesses.map((witness) => createCourier(witness, deps))
  const quorum = createQuorum(policy)
  let stopping = false
  let wake = (): void => {}
  let pendingWake = false

  const remember = (checkpoint: PublishedCheckpoint): void => {
    if (checkpoint.size > 0) quorum.onPublished(checkpoint.size, Date.parse(checkpoint.publishedAt))
  }
  remember(journal.publishedCheckpoint())
  const heard = cosignersOf(journal.publishedCheckpoint(), deps)
  quorum.onCosigned(journal.publishedCheckpoint().size, heard)
  const unsubscribe = journal.onPublished((checkpoint) => {
    remember(checkpoint)
    pendingWake = true
    wake()
  })

  async function round(): Promise<void> {
    const checkpoint = journal.publishedCheckpoint()
    if (checkpoint.size === 0) return
    const brought = await Promise.all(
      couriers.map(async (courier) => ((await courier.bring(checkpoint)) ? [courier.key] : [])),
    )
    quorum.onCosigned(checkpoint.size, new Set([...brought.flat(), ...cosignersOf(checkpoint, deps)]))
  }

  /** Until something is published, or a witness may be asked again for what it did not cosign. */
  async function pause(): Promise<void> {
    const due = couriers.map(({ retryAt }) => retryAt()).filter((time) => time !== undefined)
    const ms = due.length === 0 ? undefined : Math.max(50, Math.min(...due) - now() + 1)
    if (pendingWake || stopping) return
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms).unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const work = (async () => {
    while (!stopping) {
      pendingWake = false
      await round()
      await pause()
    }
  })()

  return {
    view: () => ({ ...quorum.view(now()), witnesses: couriers.map(({ view }) => view()) }),
    async stop() {
      unsubscribe()
      stopping = true
      wake()
      const last = work.then(round)
      await Promise.race([last, new Promise((resolve) => setTimeout(resolve, LAST_ROUND_MS).unref())])
    },
  }
}

/** Whose cosignatures a published checkpoint bears. */
function cosignersOf(
  { note }: PublishedCheckpoint,
  { policy, logKeys }: Pick<WitnessesDeps, 'policy' | 'logKeys'>,
): Set<WitnessKey> {
  const opened = openCosignedCheckpoint(note, { log: logKeys(), witnesses: policy.witnesses.map(({ key }) => key) })
  return new Set(opened?.cosignedBy.map(({ key }) => key))
}

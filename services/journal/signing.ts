import { AzoraError, timestamp } from '@azora/base'
import type { Entry, JournalKeyView, KeyEndorsement } from '@azora/contracts'
import { endorseKey, flawInEndorsement, parseVerifier, type Signer, type Verifier } from '@azora/proof'

/** Keeps the journal's private keys. What it was told to keep outlives a crash at any moment. */
export interface KeyStore {
  /** Every private key at hand, whatever state a crash left them in. */
  signers(): readonly Signer[]
  /** Makes the key that is to come next, or answers the one that was made before and never took over. */
  stage(): Promise<Signer>
  /**
   * Puts the private keys where the next start looks for them: the active one, the one that still signs beside it, and no
   * other.
   */
  settle(active: Verifier, retiring: Verifier | undefined): Promise<void>
}

/** Which keys sign the journal's checkpoints. */
export interface Signing {
  readonly active: Verifier
  readonly activeSigner: Signer
  readonly chain: readonly KeyEndorsement[]
  /** Whose signatures a checkpoint made now bears. */
  signersAt(nowMs: number): readonly Signer[]
  /** The old key while it still signs. */
  retiringAt(nowMs: number): Signer | undefined
  /** Lets a key sign beside the others, before it is endorsed on record. */
  admit(next: Signer): void
  /** The key that was let in and is not yet known to be endorsed on record. */
  readonly admitted: Signer | undefined
  /** Reads what was committed: an endorsement of the admitted key makes it the active one. */
  onCommit(entry: Entry): void
  views(nowMs: number): JournalKeyView[]
}

/**
 * @param signers the private keys at hand; the first is the shard's only key as long as there is no chain
 * @param recorded the endorsements that the journal holds, oldest first
 */
export function createSigning(signers: readonly [Signer, ...Signer[]], recorded: readonly KeyEndorsement[]): Signing {
  const chain = [...recorded]
  const shard = signers[0].verifier.name
  const held = (text: string | undefined): Signer | undefined => signers.find(({ verifier }) => verifier.text === text)
  const newest = chain.at(-1)?.statement
  const found = newest ? held(newest.key) : signers[0]
  if (!found || flawInChain(chain, shard)) throw keyMismatch(shard)
  let active = found
  let retiring = newest && held(newest.previous)
  let admitted: Signer | undefined

  const retiringAt = (nowMs: number): Signer | undefined => {
    const until = chain.at(-1)?.statement.previousUntil
    return until !== undefined && nowMs < Date.parse(until) ? retiring : undefined
  }
  return {
    get active() {
      return active.verifier
    },
    get activeSigner() {
      return active
    },
    chain,
    signersAt: (nowMs) => [active, retiringAt(nowMs), admitted].filter((signer) => signer !== undefined),
    retiringAt,
    admit(next) {
      admitted = next
    },
    get admitted() {
      return admitted
    },
    onCommit({ header, payload }) {
      if (header.kind !== 'journal.key_rotated' || !admitted) return
      const { endorsement } = payload as Entry<'journal.key_rotated'>['payload']
      if (endorsement.statement.key !== admitted.verifier.text) return
      chain.push(endorsement)
      retiring = active
      active = admitted
      admitted = undefined
    },
    views: (nowMs) => viewsOf(active.verifier.text, chain, nowMs),
  }
}

/** The verifier keys that signed the log so far. */
export function verifiersOf({ active, chain }: Pick<Signing, 'active' | 'chain'>): [Verifier, ...Verifier[]] {
  const texts = chain.map(({ statement }) => statement.previous)
  return [active, ...texts.map(parseVerifier).filter((verifier) => verifier !== undefined)]
}

/** What the active and the next key sign. */
export function endorse(previous: Signer, key: Signer, overlapMs: number, nowMs: number): KeyEndorsement {
  const now = timestamp(nowMs)
  return endorseKey({ previous, key }, { from: now, previousUntil: timestamp(nowMs + overlapMs), at: now })
}

function flawInChain(chain: readonly KeyEndorsement[], shard: string): string | undefined {
  for (const [at, endorsement] of chain.entries()) {
    const { statement } = endorsement
    const before = chain[at - 1]?.statement
    if (statement.shard !== shard || (before && before.key !== statement.previous)) return 'the chain is broken'
    const flaw = flawInEndorsement(endorsement)
    if (flaw) return flaw
  }
  return undefined
}

function viewsOf(active: string, chain: readonly KeyEndorsement[], nowMs: number): JournalKeyView[] {
  const older = chain.map(({ statement }, at): JournalKeyView => {
    const from = chain[at - 1]?.statement.from
    const until = statement.previousUntil
    const state = nowMs < Date.parse(until) ? 'retiring' : 'retired'
    return { key: statement.previous, state, ...(from !== undefined && { from }), until }
  })
  const from = chain.at(-1)?.statement.from
  return [...older, { key: active, state: 'active', ...(from !== undefined && { from }) }]
}

export const keyMismatch = (shard: string): AzoraError =>
  new AzoraError(
    'conflict',
    'journal_key_mismatch',
    `the last checkpoint of journal shard ${shard} is not signed by this server's key`,
    { remedy: 'Start with the data directory whose key signed it; or the checkpoint was changed: restore a backup.' },
  )

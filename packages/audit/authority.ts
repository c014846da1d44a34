import type { KeyEndorsement } from '@azora/contracts'
import {
  type Checkpoint,
  createKeyTrust,
  flawInEndorsement,
  openCheckpoint,
  parseVerifier,
  type Verifier,
} from '@azora/proof'
import type { Flaw } from './flaw.ts'

export interface Authority {
  /** The log's own endorsements of its keys, oldest first. */
  chain: readonly KeyEndorsement[]
  /** Verifier keys that the server names; without a chain one of them has to be the signer. */
  keys: readonly string[]
  /** The key that the caller trusts; without it only the log's own word counts. */
  trustedKey?: string | undefined
}

const broken = (what: string): Flaw => ({ code: 'keys_broken', what })

/**
 * Which keys may have signed a checkpoint of the log: from the trusted key on as its endorsements lead, and without a
 * trusted key those that the log itself leads to.
 */
function keysOf({ chain, keys, trustedKey }: Authority): Verifier[] | Flaw {
  for (const [at, endorsement] of chain.entries()) {
    const flaw = flawInEndorsement(endorsement)
    if (flaw) return broken(flaw)
    const before = chain[at - 1]?.statement
    if (before && before.key !== endorsement.statement.previous) return broken('the chain of the keys is broken')
  }
  if (trustedKey === undefined) {
    const named = chain.length > 0 ? [...chain.map(({ statement }) => statement.previous), newest(chain)] : keys
    return named.map((text) => text && parseVerifier(text)).filter((key) => key !== undefined && key !== '')
  }
  const root = parseVerifier(trustedKey)
  if (!root) return broken('the trusted key is no verifier key')
  const trust = createKeyTrust(root)
  const flaw = trust.follow(chain)
  if (flaw) return broken(`the log's keys don't lead from the trusted one: ${flaw}`)
  return [...trust.keysAt(Number.NEGATIVE_INFINITY)]
}

/**
 * Opens the checkpoint to which the log was read.
 *
 * @param retired whether an older key of the log may have signed it: a checkpoint that was kept
 */
export function openSigned(note: string, authority: Authority, retired: boolean): Checkpoint | Flaw {
  const keys = keysOf(authority)
  if (!Array.isArray(keys)) return keys
  const last = newest(authority.chain)
  const allowed = retired || last === undefined ? keys : keys.filter(({ text }) => text === last)
  const opened = openCheckpoint(note, ...allowed)
  if (opened) return opened
  const whose = authority.trustedKey === undefined ? 'a key of the log' : 'the trusted key or one that it leads to'
  return { code: 'signature_invalid', what: `the checkpoint is not signed by ${whose}` }
}

const newest = (chain: readonly KeyEndorsement[]): string | undefined => chain.at(-1)?.statement.key

import type { Entry } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import type { Journal } from '@azora/journal'
import { parseVerifier, type Verifier } from '@azora/proof'

/** Nodes have to know of a new key before anything is proved with it. */
export const announceRotations =
  (dispatcher: Pick<Dispatcher, 'announceKeys'>) =>
  (entries: readonly Entry[]): void => {
    if (entries.some(({ header }) => header.kind === 'journal.key_rotated')) dispatcher.announceKeys()
  }

/** The journal's keys of a moment, as whoever checks its proofs needs them. */
export const keysOf = (journal: Pick<Journal, 'keys'>): { keysAt(nowMs: number): Verifier[] } => ({
  keysAt: (nowMs) =>
    journal
      .keys()
      .filter(({ until }) => until === undefined || Date.parse(until) > nowMs)
      .flatMap(({ key }) => parseVerifier(key) ?? []),
})

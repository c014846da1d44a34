import { type EvidenceBundle, isTerminal, mayFollow, type RunState } from '@azora/contracts'
import { openCheckpoint, parseVerifier } from './checkpoint.ts'
import { digestOf } from './digest.ts'
import { flawInEntry } from './receipt.ts'

export interface Check {
  what: string
  ok: boolean
  /** What is wrong. */
  flaw?: string
}

export interface EvidenceReport {
  verified: boolean
  checks: Check[]
}

/**
 * Checks a run's evidence without the server.
 *
 * @param trustedKey verifier key of the journal that the caller got from elsewhere; without it the bundle vouches for
 * its own key, which proves that it is consistent but not whose it is
 */
export function verifyEvidence(bundle: EvidenceBundle, trustedKey?: string): EvidenceReport {
  const checks: Check[] = []
  const check = (what: string, flaw: string | undefined): void => {
    checks.push(flaw === undefined ? { what, ok: true } : { what, ok: false, flaw })
  }
  check('the journal key is the trusted one', flawInKey(bundle, trustedKey))
  const verifier = parseVerifier(bundle.journalKey)
  const checkpoint = verifier && openCheckpoint(bundle.checkpoint, verifier)
  check('the checkpoint is signed by the journal key', checkpoint ? undefined : 'the signature does not verify')
  if (checkpoint) {
    const flaw = bundle.entries.map(({ entry, inclusion }) => flawInEntry(entry, inclusion, checkpoint)).find(Boolean)
    check(`all ${bundle.entries.length} entries are in the log and unaltered`, flaw)
  }
  check('every entry belongs to the run, in order', flawInOrder(bundle))
  check('every state follows the lifecycle', flawInLifecycle(bundle))
  check('every stateful action was permitted before it started', flawInPermissions(bundle))
  return { verified: checks.every(({ ok }) => ok), checks }
}

function flawInKey(bundle: EvidenceBundle, trustedKey: string | undefined): string | undefined {
  if (trustedKey === undefined || trustedKey.trim() === bundle.journalKey.trim()) return undefined
  return 'the bundle was signed by another key'
}

function flawInOrder({ runId, entries }: EvidenceBundle): string | undefined {
  if (entries.length === 0) return 'the bundle has no entries'
  let last = -1
  for (const { entry } of entries) {
    if (entry.header.run !== runId) return `entry ${entry.header.index} belongs to another run`
    if (entry.header.index <= last) return `entry ${entry.header.index} is out of order`
    last = entry.header.index
  }
  return undefined
}

function flawInLifecycle({ entries }: EvidenceBundle): string | undefined {
  let state: RunState | undefined
  for (const { entry } of entries) {
    const { transition, index } = entry.header
    if (!transition) continue
    if (transition.from !== state) return `entry ${index} leaves ${transition.from}, but the run was ${state}`
    if (state === undefined ? transition.to !== 'scheduled' : !mayFollow(state, transition.to)) {
      return `entry ${index} goes from ${state} to ${transition.to}`
    }
    state = transition.to
  }
  return state && isTerminal(state) ? undefined : `the run has not ended: it is ${state}`
}

/** Expiry of the newest permission, by action digest. */
type Permissions = Map<string, string>

function flawInPermissions({ entries }: EvidenceBundle): string | undefined {
  const permitted = new Map() as Permissions
  for (const { entry } of entries) {
    const { header, payload } = entry
    if (!payload) continue
    if (header.kind === 'action.verified') {
      const { action, result, permission } = payload as {
        action?: unknown
        result?: { verdict?: string }
        permission?: { actionDigest: string; expiresAt: string }
      }
      if (!permission) continue
      if (result?.verdict !== 'allow') return `entry ${header.index} permits an action that was not allowed`
      if (permission.actionDigest !== digestOf(action))
        return `entry ${header.index} permits another action than it names`
      permitted.set(permission.actionDigest, permission.expiresAt)
    }
    if (header.kind === 'action.started') {
      const { actionDigest } = payload as { actionDigest: string }
      const expiresAt = permitted.get(actionDigest)
      if (!expiresAt) return `entry ${header.index} starts an action that was not permitted before`
      if (header.at > expiresAt) return `entry ${header.index} starts an action after its permission expired`
    }
  }
  return undefined
}

import {
  ENTRY_PAYLOADS,
  type EntryRecord,
  type EvidenceBundle,
  isStateful,
  isTerminal,
  mayFollow,
  type RunState,
} from '@azora/contracts'
import { openCheckpoint } from './checkpoint.ts'
import { digestOf } from './digest.ts'
import { createKeyTrust } from './key-chain.ts'
import { parseVerifier } from './keys.ts'
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
 * @param trustedKey verifier key of the journal that the caller got from elsewhere, or an older one that leads to it; without it the bundle vouches for
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
  check('every entry of the run is there, in order', flawInOrder(bundle))
  check('every state follows the lifecycle', flawInLifecycle(bundle))
  const erased = bundle.entries.filter(({ entry }) => entry.payload === undefined).length
  const limit = erased === 0 ? '' : `, as far as can be told without ${erased} erased payloads`
  check(`every stateful action was permitted before it started${limit}`, flawInPermissions(bundle))
  return { verified: checks.every(({ ok }) => ok), checks }
}

function flawInKey(bundle: EvidenceBundle, trustedKey: string | undefined): string | undefined {
  if (trustedKey === undefined || trustedKey.trim() === bundle.journalKey.trim()) return undefined
  const trusted = parseVerifier(trustedKey)
  if (!trusted || !bundle.journalKeys) return 'the bundle was signed by another key'
  const trust = createKeyTrust(trusted)
  const flaw = trust.follow(bundle.journalKeys)
  if (flaw) return `the bundle was signed by another key: ${flaw}`
  // Whenever it counted: a key that signed a bundle may have retired since.
  const followed = trust.keysAt(Number.NEGATIVE_INFINITY)
  return followed.some(({ text }) => text === bundle.journalKey.trim())
    ? undefined
    : 'the bundle was signed by a key that the trusted one does not endorse'
}

function flawInOrder({ runId, entries }: EvidenceBundle): string | undefined {
  if (entries.length === 0) return 'the bundle has no entries'
  let last = -1
  for (const [place, { entry }] of entries.entries()) {
    const { index, run, runIndex, kind } = entry.header
    if (run !== runId) return `entry ${index} belongs to another run`
    if (runIndex === undefined) return `entry ${index} has no place in the run: it began before places were given`
    if (runIndex > place)
      return `entry ${place} of the run is missing: entry ${index} of the log is its entry ${runIndex}`
    if (runIndex < place) return `entry ${index} is doubled or out of order: it is entry ${runIndex} of the run`
    if (index <= last) return `entry ${index} is out of order`
    if ((place === 0) !== (kind === 'run.scheduled'))
      return `entry ${index} is ${kind}: a run begins with run.scheduled, once`
    last = index
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

interface Permitted {
  expiresAt: string
  stateful: boolean
  started: boolean
}

/** By action digest, what the newest verdict on it permitted. */
type Permissions = Map<string, Permitted>

function flawInPermissions({ entries }: EvidenceBundle): string | undefined {
  const permissions: Permissions = new Map()
  // The permission that seems to be missing may be the one whose payload was erased.
  let erased = false
  for (const { entry } of entries) {
    const { kind } = entry.header
    if (entry.payload === undefined) erased ||= kind === 'action.verified'
    else {
      const flaw = judge(entry, permissions, erased)
      if (flaw) return `entry ${entry.header.index} ${flaw}`
    }
  }
  return undefined
}

function judge({ header, payload }: EntryRecord, permissions: Permissions, erased: boolean): string | undefined {
  const { kind, at } = header
  if (kind === 'action.verified') return permit(payload, permissions)
  if (kind === 'action.started') {
    const parsed = ENTRY_PAYLOADS[kind].safeParse(payload)
    if (!parsed.success) return `is no ${kind}`
    const permitted = permissions.get(parsed.data.actionDigest)
    if (!permitted || permitted.started)
      return erased ? undefined : 'starts an action that was not permitted before, or not anew'
    permitted.started = true
    return Date.parse(at) > Date.parse(permitted.expiresAt)
      ? 'starts an action after its permission expired'
      : undefined
  }
  if (kind !== 'action.finished') return undefined
  const parsed = ENTRY_PAYLOADS[kind].safeParse(payload)
  if (!parsed.success) return `is no ${kind}`
  const permitted = permissions.get(parsed.data.actionDigest)
  const acted = parsed.data.outcome.node !== 'none'
  return acted && permitted?.stateful && !permitted.started ? 'ends a stateful action that never started' : undefined
}

function permit(payload: unknown, permissions: Permissions): string | undefined {
  const parsed = ENTRY_PAYLOADS['action.verified'].safeParse(payload)
  if (!parsed.success) return 'is no action.verified'
  const { action, result, permission } = parsed.data
  if (!permission) return result.verdict === 'allow' ? 'allows an action without a permission' : undefined
  if (result.verdict !== 'allow') return 'permits an action that was not allowed'
  if (permission.actionDigest !== digestOf(action)) return 'permits another action than it names'
  const { actionDigest, expiresAt } = permission
  permissions.set(actionDigest, { expiresAt, stateful: isStateful(action.effects), started: false })
  return undefined
}

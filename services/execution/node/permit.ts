import type { Clock } from '@azora/base'
import { ENTRY_PAYLOADS, type Failure, type PerformRequest, type Permission } from '@azora/contracts'
import { createReceiptVerifierOf, digestOf, type KeyTrust } from '@azora/proof'
import type { SpentProofs } from './spent-proofs.ts'

export interface PermitDeps {
  /** Verifies the journal's checkpoints. The node trusts these keys and nobody's word. */
  journal: Pick<KeyTrust, 'keysAt'>
  spent: SpentProofs
  clock: Clock
  /** This life of this node (`name/instance`). A proof for another one may have been spent there. */
  audience: string
}

/**
 * Says why a request must not be performed; undefined when its proof permits exactly this action, now, for the first
 * time. A proof that passes is spent. Nobody is exempt: the orchestrator's word counts for nothing here.
 */
export type PermitCheck = (request: PerformRequest) => Failure | undefined

export function createPermitCheck({ journal, spent, clock, audience }: PermitDeps): PermitCheck {
  const flawIn = createReceiptVerifierOf(() => journal.keysAt(clock.now()))
  return (request) => {
    const { receipt } = request
    if (!receipt) return refusal('proof_missing', 'the request carries no proof')
    const permission = permissionIn(request)
    if (!permission) return refusal('proof_mismatch', 'the proof permits nothing, or another action')
    const now = clock.now()
    if (Date.parse(permission.expiresAt) <= now)
      return refusal('proof_expired', `the proof expired at ${permission.expiresAt}`)
    if (permission.audience !== audience)
      return refusal('proof_elsewhere', 'the proof is for another node, or for an earlier life of this one')
    if (spent.has(permission.nonce)) return refusal('proof_spent', 'the proof was used before')
    const flaw = flawIn(receipt)
    if (flaw) return refusal('proof_invalid', flaw)
    if (!spent.add(permission.nonce, Date.parse(permission.expiresAt), now)) {
      return refusal('overloaded', 'this node remembers as many spent proofs as it can')
    }
    return undefined
  }
}

/** The permission in the receipt's verdict, if that verdict allows exactly the action of the request. */
function permissionIn({ receipt, action }: PerformRequest): Permission | undefined {
  const entry = receipt?.entry
  if (entry?.header.kind !== 'action.verified') return undefined
  const verified = ENTRY_PAYLOADS['action.verified'].safeParse(entry.payload)
  if (!verified.success || verified.data.result.verdict !== 'allow') return undefined
  const { permission } = verified.data
  const asked = digestOf(action)
  if (permission?.actionDigest !== asked) return undefined
  return action === entry.payload?.action || digestOf(verified.data.action) === asked ? permission : undefined
}

const refusal = (code: string, message: string): Failure => ({ code, message })

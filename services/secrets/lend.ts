import { AzoraError, type KeyWrap } from '@azora/base'
import type { LeaseEnd, LeaseUse, SealedLease, SecretUse } from '@azora/contracts'
import { canonical } from '@azora/proof'
import { openValue } from './envelope.ts'
import { sealFor } from './hpke.ts'
import type { Lease, LeaseHolder, Leases } from './leases.ts'
import { notFound, type Secret } from './secret.ts'
import type { Shelf } from './shelf.ts'
import type { SecretStore } from './store/secrets.ts'

/** What a node asks for, in the name of a proof that was checked. */
export interface LendRequest {
  holder: LeaseHolder
  /** As the action names them. */
  uses: readonly SecretUse[]
  /** Public key of who is to read the values: X25519, 32 bytes in base64. */
  key: string
}

export interface LendDeps {
  store: SecretStore
  shelf: Shelf
  leases: Leases
  keyWrap: KeyWrap
}

/** What a lease is sealed for: it opens for no other action, slot or version. */
export const leaseInfo = (
  { leaseId, slot, version }: Pick<SealedLease, 'leaseId' | 'slot' | 'version'>,
  actionDigest: string,
): string => canonical({ type: 'azora.lease.v1', leaseId, slot, version, actionDigest })

/** Lends values: to one action, for one reader. */
export function createLending({ store, shelf, leases, keyWrap }: LendDeps) {
  async function lendOne(
    use: SecretUse,
    { holder, key }: LendRequest,
    onEnd: (why: LeaseEnd, leaseId: string) => void,
  ) {
    const secret = shelf.get(holder.tenant, use.name)
    if (!secret) throw notFound(use.name)
    if (!isOnTerms(use, secret)) throw changed(use.name)
    const lease: Lease = await leases.grant(secret, use, holder, onEnd)
    const { leaseId, version, expiresAt } = lease
    try {
      const envelope = await store.envelope(holder.tenant, use.name, version)
      if (!envelope) throw notFound(use.name)
      const value = await openValue(keyWrap, envelope, { tenant: holder.tenant, name: use.name, version })
      try {
        const about = { leaseId, slot: use.slot, version }
        return { ...about, expiresAt, ...(await sealFor(key, leaseInfo(about, holder.actionDigest), value)) }
      } finally {
        value.fill(0)
      }
    } catch (thrown) {
      await leases.end(leaseId, 'finished')
      throw thrown
    }
  }

  return {
    /**
     * All that is asked for, or nothing. Throws `secret_not_found`, `secret_changed`, `secret_revoked`, `secret_expired`.
     *
     * @param onEnd called for each lease that ends before its action does
     */
    async lend(request: LendRequest, onEnd: (why: LeaseEnd, leaseId: string) => void): Promise<SealedLease[]> {
      const lent: SealedLease[] = []
      try {
        for (const use of request.uses) lent.push(await lendOne(use, request, onEnd))
        return lent
      } catch (thrown) {
        for (const { leaseId } of lent) await leases.end(leaseId, 'finished')
        throw thrown
      }
    },
    /** @param uses what the node says that it did with them */
    async giveBack(leaseIds: readonly string[], why: 'finished' | 'lost', uses: readonly LeaseUse[]): Promise<void> {
      for (const leaseId of leaseIds) {
        const use = uses.find((told) => told.leaseId === leaseId)
        await leases.end(leaseId, why, use && { uses: use.uses, redactions: use.redactions })
      }
    },
  }
}

/** The terms that were judged are still those of the secret: its owner may have changed them since. */
function isOnTerms(use: SecretUse, secret: Secret): boolean {
  const { hosts, place, leaseMs, environment } = secret
  const same =
    canonical({ hosts, place, leaseMs }) === canonical({ hosts: use.hosts, place: use.place, leaseMs: use.leaseMs })
  return same && (use.mode === 'brokered' || environment)
}

const changed = (name: string): AzoraError =>
  new AzoraError('conflict', 'secret_changed', `${name} may go elsewhere since the action was judged`, {
    remedy: 'Start the run again.',
  })

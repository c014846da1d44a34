import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { Failure, LeaseEnd, LeaseUse, PerformRequest, SealedLease, SecretUse } from '@azora/contracts'
import { digestOf, type KeyTrust } from '@azora/proof'
import { createPermitCheck } from '../node/permit.ts'
import { createSpentProofs } from '../node/spent-proofs.ts'
import type { Link } from './link.ts'

/** Where secrets are lent; the room of the secrets, plugged in by whoever composes. */
export interface Lender {
  /** Values for one action, all of them or none, which only the holder of the key's private half can read. */
  lend(
    request: {
      holder: { tenant: string; run: string; stepId: string; actionDigest: string; node: string }
      uses: readonly SecretUse[]
      key: string
    },
    onEnd: (why: LeaseEnd, leaseId: string) => void,
  ): Promise<SealedLease[]>
  giveBack(leaseIds: readonly string[], why: 'finished' | 'lost', uses: readonly LeaseUse[]): Promise<void>
}

export interface LeasingDeps {
  lender: Lender
  /** Verifies the journal's checkpoints: a secret is lent for a proof, not for our own word. */
  journal: Pick<KeyTrust, 'keysAt'>
  clock: Clock
  log: Log
}

/** Lends to nodes what the proofs of their requests name, once for each proof. */
export interface Leasing {
  /** A request goes to a node: from now on that node may ask for its secrets. */
  begin(link: Link, request: PerformRequest): void
  /** The node asks; it is answered in every case. */
  answer(link: Link, id: string, key: string): Promise<void>
  /** The request ended; resolves when the ends of its leases are on record. */
  end(id: string, why: 'finished' | 'lost', uses: readonly LeaseUse[]): Promise<void>
}

interface Asked {
  link: Link
  request: PerformRequest
  lent?: Promise<SealedLease[]>
}

const SPENT_MAX = 200_000

export function createLeasing({ lender, journal, clock, log }: LeasingDeps): Leasing {
  const spent = createSpentProofs(SPENT_MAX)
  const asked = new Map<string, Asked>()

  async function lend({ link, request }: Asked, key: string): Promise<SealedLease[]> {
    const { action } = request
    const uses = action.secrets ?? []
    if (uses.length === 0) throw refused({ code: 'secret_unnamed', message: 'the action names no secret' })
    const permit = createPermitCheck({ journal, spent, clock, audience: `${link.node}/${link.instance}` })
    const flaw = permit(request)
    if (flaw) throw refused(flaw)
    const { tenant, runId: run, stepId } = action
    const holder = { tenant, run, stepId, actionDigest: digestOf(action), node: `node:${link.node}` }
    return lender.lend({ holder, uses, key }, (reason, leaseId) =>
      link.tell({ type: 'lease_ended', id: request.id, leaseId, reason }),
    )
  }

  return {
    begin(link, request) {
      if (request.action.secrets) asked.set(request.id, { link, request })
    },
    async answer(link, id, key) {
      const entry = asked.get(id)
      if (!entry || entry.link !== link || entry.lent) {
        link.tell({ type: 'leases', id, error: { code: 'secret_unnamed', message: 'nothing is to be lent for this' } })
        return
      }
      entry.lent = lend(entry, key)
      try {
        link.tell({ type: 'leases', id, leases: await entry.lent })
      } catch (thrown) {
        const { advice, code, message } = toAzoraError(thrown)
        if (advice === 'bug') log.error({ err: thrown }, 'a secret could not be lent')
        const told =
          advice === 'bug' ? { code: 'secret_unavailable', message: 'the secret could not be lent' } : { code, message }
        link.tell({ type: 'leases', id, error: told })
      }
    },
    async end(id, why, uses) {
      const entry = asked.get(id)
      asked.delete(id)
      const lent = await entry?.lent?.catch(() => [])
      if (lent && lent.length > 0)
        await lender.giveBack(
          lent.map(({ leaseId }) => leaseId),
          why,
          uses,
        )
    },
  }
}

const refused = ({ code, message }: Failure): AzoraError => new AzoraError('denied', code, message)

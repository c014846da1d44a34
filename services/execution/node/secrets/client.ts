import type { Clock } from '@azora/base'
import type { Failure, FromNode, NodeLeases, PerformRequest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { createRecipient, leaseInfo } from '@azora/secrets'
import { type HeldSecrets, holdSecrets } from './held.ts'

/** Asks the control plane for the secrets of requests, over the connection that the requests came by. */
export interface LeaseClient {
  /** Undefined when the action names none. */
  ask(request: PerformRequest, signal: AbortSignal): Promise<HeldSecrets | { flaw: Failure } | undefined>
  hear(message: NodeLeases): void
  /** A lease of a request ends early. */
  ended(id: string, leaseId: string): void
  /** The request is done. */
  forget(id: string): void
}

const ANSWER_MS_MAX = 15_000

export function createLeaseClient({ send, clock }: { send: (message: FromNode) => void; clock: Clock }): LeaseClient {
  const waiting = new Map<string, (answer: NodeLeases) => void>()
  const held = new Map<string, HeldSecrets>()
  /** Leases that ended before their values were here. */
  const early = new Map<string, string[]>()

  function answerTo(id: string, signal: AbortSignal): Promise<NodeLeases> {
    return new Promise((resolve) => {
      const give = (answer: NodeLeases): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', cancel)
        waiting.delete(id)
        resolve(answer)
      }
      const cancel = (): void => give({ type: 'leases', id, error: UNAVAILABLE })
      const timer = setTimeout(cancel, ANSWER_MS_MAX)
      signal.addEventListener('abort', cancel, { once: true })
      waiting.set(id, give)
    })
  }

  return {
    async ask({ id, action }, signal) {
      const uses = action.secrets ?? []
      if (uses.length === 0) return undefined
      const recipient = await createRecipient()
      const answered = answerTo(id, signal)
      send({ type: 'lease', id, key: recipient.publicKey })
      const { leases, error } = await answered
      if (!leases) return { flaw: error ?? UNAVAILABLE }
      const actionDigest = digestOf(action)
      const lent = []
      for (const use of uses) {
        const lease = leases.find(({ slot }) => slot === use.slot)
        const value = lease && (await recipient.open(leaseInfo(lease, actionDigest), lease).catch(() => undefined))
        if (!lease || !value) return { flaw: UNAVAILABLE }
        lent.push({ leaseId: lease.leaseId, use, value: value.toString(), expiresAt: lease.expiresAt })
        value.fill(0)
      }
      const secrets = holdSecrets(lent, clock.now())
      held.set(id, secrets)
      for (const leaseId of early.get(id) ?? []) secrets.endLease(leaseId)
      return secrets
    },
    hear: (message) => waiting.get(message.id)?.(message),
    ended(id, leaseId) {
      const secrets = held.get(id)
      if (secrets) secrets.endLease(leaseId)
      else early.set(id, [...(early.get(id) ?? []), leaseId])
    },
    forget(id) {
      held.delete(id)
      early.delete(id)
    },
  }
}

const UNAVAILABLE: Failure = { code: 'secret_unavailable', message: 'the control plane did not lend the secret' }

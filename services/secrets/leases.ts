import { randomUUID } from 'node:crypto'
import { AzoraError, type Clock, type Log, timestamp, toAzoraError } from '@azora/base'
import type { EntryPayload, LeaseEnd, SecretUse } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { currentOf, type Secret, stateOf, type Version } from './secret.ts'

/** For which action of which run, on which node. */
export interface LeaseHolder {
  tenant: string
  run: string
  stepId: string
  actionDigest: string
  /** Principal of the node. */
  node: string
}

export interface Lease {
  leaseId: string
  holder: LeaseHolder
  use: SecretUse
  version: number
  expiresAt: string
}

/** What was done with a lease, as the node tells it. */
export type LeaseUse = Pick<EntryPayload<'secret.used'>, 'uses' | 'redactions'>

export interface Leases {
  /**
   * Gives a version out until the lease ends; it is on record before this resolves. Throws `secret_revoked` or
   * `secret_expired`, also when that happens while it is put on record.
   *
   * @param onEnd called once if it ends before the action does
   */
  grant(
    secret: Secret,
    use: SecretUse,
    holder: LeaseHolder,
    onEnd: (why: LeaseEnd, leaseId: string) => void,
  ): Promise<Lease>
  /** The action has ended, or nobody knows; whatever was told before stands. */
  end(leaseId: string, why: LeaseEnd, use?: LeaseUse): Promise<void>
  /** Ends every lease of these versions. */
  revoke(secret: Pick<Secret, 'tenant' | 'name'>, versions: readonly number[]): Promise<void>
  countOf(secret: Pick<Secret, 'tenant' | 'name'>): number
  close(): void
}

interface Held {
  lease: Lease
  timer: NodeJS.Timeout
  /** Why, once it has ended. */
  ended?: LeaseEnd
  onEnd: (why: LeaseEnd, leaseId: string) => void
}

const LEASES_MAX = 10_000

/**
 * Leases live as long as this process: a node that loses its control plane ends what it runs, and what it held with it.
 */
export function createLeases({
  journal,
  clock,
  log,
}: {
  journal: Pick<Journal, 'append'>
  clock: Clock
  log: Log
}): Leases {
  const held = new Map<string, Held>()
  const about = ({ leaseId, holder, use }: Lease) => ({ leaseId, stepId: holder.stepId, name: use.name })
  const common = ({ holder }: Lease) => ({ tenant: holder.tenant, actor: holder.node, run: holder.run })

  async function stop(entry: Held, reason: LeaseEnd): Promise<void> {
    if (entry.ended) return
    entry.ended = reason
    clearTimeout(entry.timer)
    const { lease } = entry
    if (reason === 'expired' || reason === 'revoked') entry.onEnd(reason, lease.leaseId)
    await journal.append({ ...common(lease), kind: 'lease.ended', payload: { ...about(lease), reason } })
  }
  const stopAlone = (entry: Held, reason: LeaseEnd): void => {
    stop(entry, reason).catch((thrown) =>
      log.error({ err: toAzoraError(thrown) }, 'the end of a lease is not on record'),
    )
  }

  return {
    async grant(secret, use, holder, onEnd) {
      if (held.size >= LEASES_MAX) throw overloaded()
      const nowMs = clock.now()
      const version = usableVersion(secret, use, nowMs)
      const expiresMs = Math.min(nowMs + use.leaseMs, Date.parse(version.expiresAt ?? '') || Number.POSITIVE_INFINITY)
      const lease = { leaseId: randomUUID(), holder, use, version: version.version, expiresAt: timestamp(expiresMs) }
      const { slot, hosts, mode } = use
      const { actionDigest, node } = holder
      const facts = { actionDigest, slot, version: lease.version, hosts, mode, node, expiresAt: lease.expiresAt }
      const entry: Held = {
        lease,
        timer: setTimeout(() => stopAlone(entry, 'expired'), expiresMs - nowMs),
        onEnd,
      }
      entry.timer.unref()
      // Known before it is on record: a revocation in between must find it.
      held.set(lease.leaseId, entry)
      try {
        await journal.append({ ...common(lease), kind: 'secret.leased', payload: { ...about(lease), ...facts } })
      } catch (thrown) {
        clearTimeout(entry.timer)
        held.delete(lease.leaseId)
        throw thrown
      }
      if (entry.ended === undefined) return lease
      held.delete(lease.leaseId)
      throw entry.ended === 'expired' ? expired(secret) : revoked(secret, 'was revoked')
    },
    async end(leaseId, why, use) {
      const entry = held.get(leaseId)
      if (!entry) return
      held.delete(leaseId)
      const { lease } = entry
      if (use && (use.uses.length > 0 || use.redactions > 0))
        await journal.append({ ...common(lease), kind: 'secret.used', payload: { ...about(lease), ...use } })
      await stop(entry, why)
    },
    async revoke({ tenant, name }, versions) {
      const of = [...held.values()].filter(
        ({ lease }) => lease.holder.tenant === tenant && lease.use.name === name && versions.includes(lease.version),
      )
      await Promise.all(of.map((entry) => stop(entry, 'revoked')))
    },
    countOf: ({ tenant, name }) =>
      [...held.values()].filter(
        ({ lease, ended }) => !ended && lease.holder.tenant === tenant && lease.use.name === name,
      ).length,
    close() {
      for (const { timer } of held.values()) clearTimeout(timer)
      held.clear()
    },
  }
}

function usableVersion(secret: Secret, use: SecretUse, nowMs: number): Version {
  const version =
    use.version === 'current'
      ? currentOf(secret)
      : secret.versions.find((candidate) => candidate.version === use.version)
  const state = version && stateOf(secret, version, nowMs)
  if (version && (state === 'current' || state === 'superseded')) return version
  if (state === 'expired') throw expired(secret)
  throw revoked(secret, version ? 'was revoked' : `has no version ${use.version}`)
}

const remedyFor = ({ name }: Secret): string => `Give it a new value: azora secret rotate ${name}`

const expired = (secret: Secret): AzoraError =>
  new AzoraError('conflict', 'secret_expired', `${secret.name} has expired`, { remedy: remedyFor(secret) })

const revoked = (secret: Secret, what: string): AzoraError =>
  new AzoraError('conflict', 'secret_revoked', `${secret.name} ${what}`, { remedy: remedyFor(secret) })

const overloaded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `${LEASES_MAX} secrets are on lease, more than that may not`, {
    retryAfterMs: 1_000,
  })

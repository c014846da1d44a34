import { randomBytes } from 'node:crypto'
import type { LeaseUse, SecretUse } from '@azora/contracts'
import { createRedactor, type Redactor } from '../redaction/redactor.ts'
import { createScanners, type Scanner } from '../redaction/scanner.ts'
import { targetIsOf } from './hosts.ts'

/** A secret that this node has on lease for one action. */
export interface HeldSecret {
  readonly leaseId: string
  /** Its terms, from the action. */
  readonly use: SecretUse
  /** What the sandbox sees in its place. */
  readonly placeholder: string
  /** Undefined once the lease has ended. */
  value(): string | undefined
  /** It was put into a request to this host. */
  used(host: string): void
}

/** The secrets of one action, for as long as it runs. */
export interface HeldSecrets {
  readonly all: readonly HeldSecret[]
  readonly redactor: Redactor
  /** Those that a host gets. */
  of(target: { host: string; port: number }): HeldSecret[]
  /** Looks for placeholders in a stream. */
  placeholders(): Scanner
  /** Calls back when a lease ends whose value the sandbox was given itself. */
  onExposedEnd(listener: () => void): void
  /** Ends a lease before the action. */
  endLease(leaseId: string): void
  /** Forgets the values; answers what was done with each. */
  release(): LeaseUse[]
}

const HOSTS_MAX = 64

export interface Lent {
  leaseId: string
  use: SecretUse
  value: string
  expiresAt: string
}

export function holdSecrets(lent: readonly Lent[], nowMs: number): HeldSecrets {
  const redactor = createRedactor(lent.map(({ use, value }) => ({ name: use.name, value })))
  const ended = new Set<string>()
  const listeners: Array<() => void> = []
  const values = new Map(lent.map(({ leaseId, value }) => [leaseId, value]))
  const uses = new Map(lent.map(({ leaseId }) => [leaseId, new Map<string, number>()]))
  const endLease = (leaseId: string): void => {
    if (ended.has(leaseId)) return
    ended.add(leaseId)
    const exposed = lent.some(({ leaseId: id, use }) => id === leaseId && use.mode === 'environment')
    values.delete(leaseId)
    if (exposed) for (const listener of listeners) listener()
  }
  // The control plane says so too; a node whose connection is slow ends it by itself.
  const timers = lent.map(({ leaseId, expiresAt }) =>
    setTimeout(() => endLease(leaseId), Math.max(0, Date.parse(expiresAt) - nowMs)).unref(),
  )
  const all = lent.map(
    ({ leaseId, use }): HeldSecret => ({
      leaseId,
      use,
      placeholder: `azs_${randomBytes(24).toString('hex')}`,
      value: () => values.get(leaseId),
      used(host) {
        const counts = uses.get(leaseId)
        if (counts && (counts.has(host) || counts.size < HOSTS_MAX)) counts.set(host, (counts.get(host) ?? 0) + 1)
      },
    }),
  )
  return {
    all,
    redactor,
    of: (target) => all.filter(({ use }) => targetIsOf(use.hosts, target)),
    placeholders: createScanners(
      all.map(({ placeholder }) => ({ bytes: Buffer.from(placeholder), marker: Buffer.alloc(0) })),
    ),
    onExposedEnd(listener) {
      listeners.push(listener)
    },
    endLease,
    release() {
      for (const timer of timers) clearTimeout(timer)
      values.clear()
      return lent.map(({ leaseId, use }) => ({
        leaseId,
        uses: [...(uses.get(leaseId) ?? [])].map(([host, requests]) => ({ host, requests })),
        redactions: redactor.count(use.name),
      }))
    },
  }
}

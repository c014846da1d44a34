import type { EntryHeader, EntryPayload, SecretLeaseView } from '@azora/contracts'
import type { Journal } from '@azora/journal'

const KINDS = ['secret.leased', 'secret.used', 'lease.ended'] as const
const LEASES_MAX = 200

/** The newest leases of a secret, as the journal tells them; the newest first. */
export async function usesOf(
  journal: Pick<Journal, 'within'>,
  tenant: string,
  name: string,
): Promise<SecretLeaseView[]> {
  const leases = new Map<string, SecretLeaseView>()
  for await (const { kind, header, payload } of journal.within(tenant).scan(KINDS)) {
    if (payload === null) continue
    const about: EntryHeader = JSON.parse(header)
    const said = JSON.parse(payload) as { name: string; leaseId: string }
    if (about.tenant !== tenant || said.name !== name) continue
    if (kind === 'secret.leased') leases.set(said.leaseId, begun(about, said as EntryPayload<'secret.leased'>))
    const lease = leases.get(said.leaseId)
    if (lease && kind === 'secret.used') {
      const { uses, redactions } = said as EntryPayload<'secret.used'>
      Object.assign(lease, { uses, redactions })
    }
    if (lease && kind === 'lease.ended')
      Object.assign(lease, { endedAt: about.at, end: (said as EntryPayload<'lease.ended'>).reason })
    if (leases.size > LEASES_MAX) leases.delete(leases.keys().next().value ?? '')
  }
  return [...leases.values()].reverse()
}

const begun = (
  { run, actor, at }: EntryHeader,
  { leaseId, stepId, version, mode, node, expiresAt }: EntryPayload<'secret.leased'>,
): SecretLeaseView => ({
  leaseId,
  ...(run !== undefined && { run }),
  stepId,
  actor,
  version,
  mode,
  node,
  leasedAt: at,
  expiresAt,
  uses: [],
  redactions: 0,
})

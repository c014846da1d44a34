import type { SecretLeaseView, SecretPlace, SecretView } from '@azora/contracts'
import { printable, type Style } from '../../output/style.ts'
import { duration, table } from '../../output/text.ts'

function placeText(place: SecretPlace): string {
  if (place.in === 'header') return `${place.name}: ${place.format}`
  if (place.in === 'basic') return `basic ${place.user}`
  return place.in === 'query' ? `?${place.name}=` : 'body'
}

export function secretsText(style: Style, items: readonly SecretView[]): string {
  if (items.length === 0) return 'no secrets'
  const rows = items.map(({ name, hosts, place, environment, leaseMs, leases, versions: [newest] }) => [
    name,
    `${newest?.version ?? 0} ${newest?.state ?? ''}`,
    hosts.join(', '),
    printable(placeText(place)),
    environment ? 'brokered, environment' : 'brokered',
    duration(leaseMs),
    String(leases),
    newest?.expiresAt ?? '',
  ])
  return table(style, ['secret', 'version', 'hosts', 'place', 'mode', 'lease', 'leased', 'expires'], rows)
}

/** The secret as in the list, then its versions, the newest first. */
export function secretText(style: Style, secret: SecretView): string {
  const rows = secret.versions.map(({ version, state, createdAt, expiresAt, keyId }) => [
    String(version),
    state,
    createdAt,
    expiresAt ?? '',
    printable(keyId),
  ])
  return `${secretsText(style, [secret])}\n\n${table(style, ['version', 'state', 'put', 'expires', 'under the key'], rows)}`
}

export function usesText(style: Style, items: readonly SecretLeaseView[]): string {
  if (items.length === 0) return 'not used yet'
  const rows = items.map((lease) => [
    lease.leasedAt,
    lease.run ?? '',
    lease.stepId,
    String(lease.version),
    lease.mode,
    lease.uses.map(({ host, requests }) => `${host} ×${requests}`).join(', ') || '-',
    lease.redactions > 0 ? String(lease.redactions) : '',
    lease.end ?? 'leased',
  ])
  return table(style, ['when', 'run', 'step', 'version', 'mode', 'requests', 'hidden', 'end'], rows)
}

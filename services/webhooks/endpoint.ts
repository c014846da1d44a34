import { AzoraError } from '@azora/base'
import type { WebhookDisabled, WebhookEvent, WebhookView } from '@azora/contracts'

/** Who asks, and for which tenant. */
export interface Caller {
  id: string
  tenant: string
}

/** A receiver, as it is stored. */
export interface Endpoint {
  tenant: string
  id: string
  name: string
  url: string
  events: WebhookEvent[]
  /** Runs of these agents only; of all when there is none. */
  agents: string[]
  state: 'active' | 'paused' | 'disabled'
  why?: WebhookDisabled | undefined
  createdAt: string
  createdBy: string
}

/** What is known of how its deliveries go. */
export interface Health {
  /** Failures since something was delivered. */
  failures: number
  failingSinceMs: number | undefined
  /** While it is failing nothing is tried before. */
  retryAtMs: number | undefined
}

export const HEALTHY: Health = { failures: 0, failingSinceMs: undefined, retryAtMs: undefined }

/** After so many failures in a row one delivery at a time is tried. */
export const FAILING_AFTER = 3

export interface SecretVersion {
  version: number
  createdAt: string
  expiresAt?: string | undefined
}

export interface Summary {
  pending: number
  lastDeliveredAt?: string | undefined
}

export function viewOf(
  endpoint: Endpoint,
  { failures, failingSinceMs, retryAtMs }: Health,
  { pending, lastDeliveredAt }: Summary,
  secrets: readonly SecretVersion[],
): WebhookView {
  const { id, tenant: _, state, why, ...terms } = endpoint
  return {
    ...terms,
    webhookId: id,
    state: state === 'active' && failures >= FAILING_AFTER ? 'failing' : state,
    ...(why !== undefined && { why }),
    failures,
    ...(failingSinceMs !== undefined && { failingSince: new Date(failingSinceMs).toISOString() }),
    ...(retryAtMs !== undefined && { nextAttemptAt: new Date(retryAtMs).toISOString() }),
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
    pending,
    secrets: secrets
      .toSorted((a, b) => b.version - a.version)
      .map(({ version, createdAt, expiresAt }) => ({
        version,
        createdAt,
        ...(expiresAt !== undefined && { expiresAt }),
      })),
  }
}

export const notFound = (name: string): AzoraError =>
  new AzoraError('missing', 'webhook_not_found', `there is no webhook ${name}`, {
    remedy: 'List them: azora webhook list',
  })

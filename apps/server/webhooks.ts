import { createWebhooks, type Webhooks, type WebhooksDeps } from '@azora/webhooks'
import type { ReviewWebhook } from './review-webhook.ts'

export interface OpenWebhooksDeps extends Omit<WebhooksDeps, 'allowedHosts'> {
  tenant: string
  /** Hosts inside of the network that may be told something. */
  hosts?: readonly string[] | undefined
  review: ReviewWebhook | undefined
}

const REVIEW_WEBHOOK = 'azora-review-webhook'
const SERVER = 'system:server'

/** Webhooks, with the one that the server's environment declares. */
export async function openWebhooks({ tenant, hosts = [], review, ...deps }: OpenWebhooksDeps): Promise<Webhooks> {
  const inside = review?.allowPrivate ? [new URL(review.url).hostname] : []
  const webhooks = await createWebhooks({ ...deps, allowedHosts: [...hosts, ...inside] })
  await webhooks.declare({ id: SERVER, tenant }, REVIEW_WEBHOOK, review)
  return webhooks
}

import { AzoraError } from '@azora/base'
import { type DeclaredWebhook, keyOf } from '@azora/webhooks'

/** The webhook that tells of reviews, as the environment says. */
export interface ReviewWebhook extends DeclaredWebhook {
  /** Its host may be inside of the network. */
  allowPrivate: boolean
}

/** Undefined when none is asked for. Throws `webhook_url_malformed`, `webhook_secret_malformed`. */
export function reviewWebhookOf(env: NodeJS.ProcessEnv): ReviewWebhook | undefined {
  const { AZORA_REVIEW_WEBHOOK: given, AZORA_REVIEW_WEBHOOK_SECRET: secret = '' } = env
  if (!given) return undefined
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AzoraError('fix', 'webhook_url_malformed', 'AZORA_REVIEW_WEBHOOK is no http(s) URL')
  const key = keyOf(secret)
  if (!key)
    throw new AzoraError('fix', 'webhook_secret_malformed', 'AZORA_REVIEW_WEBHOOK_SECRET is no webhook secret', {
      remedy: 'Make one with: echo whsec_$(openssl rand -base64 32)',
    })
  return {
    url: url.href,
    key,
    events: ['review.requested', 'review.decided', 'review.expired'],
    allowPrivate: env.AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE === '1',
  }
}

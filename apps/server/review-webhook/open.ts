import { AzoraError } from '@azora/base'
import { parseSecret } from './message.ts'
import { post } from './post.ts'
import { type ReviewWebhook, type ReviewWebhookDeps, startReviewWebhook } from './webhook.ts'

/** Where reviews are told to, as the environment says. */
export interface ReviewWebhookTarget {
  url: URL
  key: Buffer
  allowPrivate: boolean
}

/** Undefined when no webhook is asked for. Throws `webhook_url_malformed`, `webhook_secret_malformed`. */
export function reviewWebhookTarget(env: NodeJS.ProcessEnv): ReviewWebhookTarget | undefined {
  const { AZORA_REVIEW_WEBHOOK: given, AZORA_REVIEW_WEBHOOK_SECRET: secret = '' } = env
  if (!given) return undefined
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AzoraError('fix', 'webhook_url_malformed', 'AZORA_REVIEW_WEBHOOK is no http(s) URL')
  return { url, key: parseSecret(secret), allowPrivate: env.AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE === '1' }
}

export const openReviewWebhook = (
  { url, key, allowPrivate }: ReviewWebhookTarget,
  deps: Omit<ReviewWebhookDeps, 'key' | 'send'>,
): Promise<ReviewWebhook> => startReviewWebhook({ ...deps, key, send: (message) => post(url, message, allowPrivate) })

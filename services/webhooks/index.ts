export type { RetryPolicy } from './backoff.ts'
export type { DeclaredWebhook } from './declare.ts'
export { keyOf } from './sign.ts'
export { createWebhooks, type Webhooks, type WebhooksDeps } from './webhooks.ts'

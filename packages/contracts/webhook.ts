import { z } from 'zod'
import { Name, RunId, Timestamp } from './names.ts'
import { PageLimit } from './page.ts'
import { PrincipalId } from './run.ts'

/** What a receiver can be told: kinds of entries. As a CloudEvents type, each has `azora.` in front of it. */
export const WebhookEvent = z.enum([
  'run.scheduled',
  'run.started',
  'run.paused',
  'run.resumed',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'review.requested',
  'review.decided',
  'review.expired',
])
export type WebhookEvent = z.infer<typeof WebhookEvent>

/** Identifier of an event, the same each time it is sent: the shard of the log and the index of the entry in it. */
export const WebhookEventId = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_/-]*\/\d{1,15}$/, 'expected an id such as azora/main/42')

const Url = z
  .string()
  .max(2_048)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'expected an http(s) URL')
const Events = z.array(WebhookEvent).min(1).max(WebhookEvent.options.length)
/** Runs of these agents only; of all when there is none. */
const Agents = z.array(Name).max(50)

/** `POST /api/v1/webhooks` */
export const NewWebhook = z.strictObject({
  /** One of a tenant's webhooks has it. */
  name: Name,
  url: Url,
  events: Events.default(WebhookEvent.options),
  agents: Agents.default([]),
})
export type NewWebhook = z.output<typeof NewWebhook>

/** `POST /api/v1/webhooks/{name}`: what is absent stays as it is. */
export const WebhookChange = z.strictObject({
  url: Url.exactOptional(),
  events: Events.exactOptional(),
  agents: Agents.exactOptional(),
})
export type WebhookChange = z.output<typeof WebhookChange>

/** `POST /api/v1/webhooks/{name}/rotate` */
export const RotateWebhook = z.strictObject({
  /** How long messages are signed with the old secret too; 0 ends it at once. */
  overlapSeconds: z.int().min(0).max(604_800).default(86_400),
})
export type RotateWebhook = z.output<typeof RotateWebhook>

/** `POST /api/v1/webhooks/{name}/replay`: one event, or everything since a time. */
export const WebhookReplay = z.union([
  z.strictObject({ eventId: WebhookEventId }),
  z.strictObject({ since: Timestamp }),
])
export type WebhookReplay = z.output<typeof WebhookReplay>

/**
 * `failing` after three failures in a row, until something is delivered; `disabled` when nothing could be delivered for too
 * long, or the receiver said that it is gone.
 */
export const WebhookState = z.enum(['active', 'failing', 'paused', 'disabled'])
export type WebhookState = z.infer<typeof WebhookState>

export const WebhookDisabled = z.enum(['gone', 'unreachable'])
export type WebhookDisabled = z.infer<typeof WebhookDisabled>

export const WebhookView = z.strictObject({
  ...NewWebhook.shape,
  events: Events,
  agents: Agents,
  webhookId: z.uuid(),
  state: WebhookState,
  /** Why it is disabled. */
  why: WebhookDisabled.exactOptional(),
  /** Failures since something was delivered. */
  failures: z.int().min(0),
  failingSince: Timestamp.exactOptional(),
  /** While it is failing nothing is tried before. */
  nextAttemptAt: Timestamp.exactOptional(),
  lastDeliveredAt: Timestamp.exactOptional(),
  /** Events that are queued; the rest waits in the journal. */
  pending: z.int().min(0),
  createdAt: Timestamp,
  createdBy: PrincipalId,
  /** The secrets that messages are signed with, newest first. */
  secrets: z.array(
    z.strictObject({ version: z.int().min(1), createdAt: Timestamp, expiresAt: Timestamp.exactOptional() }),
  ),
})
export type WebhookView = z.infer<typeof WebhookView>

/** A webhook with its new secret, which nobody can read again. */
export const WebhookWithSecret = z.strictObject({ webhook: WebhookView, secret: z.string() })
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

/** How one request to a receiver ended. */
export const WebhookAttempt = z.strictObject({
  delivered: z.boolean(),
  /** HTTP status; absent when there was no answer. */
  status: z.int().exactOptional(),
  durationMs: z.int().min(0),
  /** The beginning of the answer's body. */
  excerpt: z.string().exactOptional(),
  error: z.string().exactOptional(),
})
export type WebhookAttempt = z.infer<typeof WebhookAttempt>

export const DeliveryState = z.enum(['pending', 'delivered', 'failed'])
export type DeliveryState = z.infer<typeof DeliveryState>

export const DeliveryView = z.strictObject({
  eventId: WebhookEventId,
  type: WebhookEvent,
  run: RunId.exactOptional(),
  state: DeliveryState,
  attempts: z.int().min(0),
  lastAttemptAt: Timestamp.exactOptional(),
  nextAttemptAt: Timestamp.exactOptional(),
  /** The last attempt. */
  last: WebhookAttempt.exactOptional(),
})
export type DeliveryView = z.infer<typeof DeliveryView>

/** `GET /api/v1/webhooks/{name}/deliveries` */
export const DeliveryQuery = z.strictObject({
  state: DeliveryState.optional(),
  limit: PageLimit,
  /** Older ones than this event. */
  before: WebhookEventId.optional(),
})
export type DeliveryQuery = z.output<typeof DeliveryQuery>

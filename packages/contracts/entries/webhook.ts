import { z } from 'zod'
import { Name, Timestamp } from '../names.ts'
import { WebhookDisabled, WebhookEvent, WebhookEventId } from '../webhook.ts'

const OfWebhook = z.strictObject({ webhookId: z.uuid(), name: Name })
/** The host alone: the rest of an address may be what lets one in. */
const Terms = OfWebhook.extend({ host: z.string().max(300), events: z.array(WebhookEvent), agents: z.array(Name) })

/** Who is told what outside, and who decided it. Never a secret. */
export const WEBHOOK_ENTRIES = {
  /** It is told what comes after this entry. */
  'webhook.created': Terms,
  'webhook.changed': Terms,
  'webhook.rotated': OfWebhook.extend({ version: z.int().min(2), overlapSeconds: z.int().min(0) }),
  'webhook.paused': OfWebhook,
  'webhook.resumed': OfWebhook,
  /** Nothing could be delivered for too long, or the receiver said that it is gone. */
  'webhook.disabled': OfWebhook.extend({ why: WebhookDisabled }),
  'webhook.replayed': OfWebhook.extend({ eventId: WebhookEventId.exactOptional(), since: Timestamp.exactOptional() }),
  'webhook.removed': OfWebhook,
} as const satisfies Record<string, z.ZodType>

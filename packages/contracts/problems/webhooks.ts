import { conflict, fix, missing } from './entry.ts'

/** Receivers that are told what happens. */
export const webhooks = {
  webhook_not_found: missing('Your tenant has no webhook with this name.', 'List them: `azora webhook list`.'),
  webhook_exists: conflict(
    'Your tenant has a webhook with this name.',
    'Choose another name, or remove that one first: `azora webhook remove NAME`.',
  ),
  webhooks_too_many: conflict(
    'Your tenant has as many webhooks as it may have.',
    'Remove those that nobody needs: `azora webhook list`.',
  ),
  webhook_url_refused: fix(
    'The address may not be told anything: it is not https, holds a password or lies inside of the network.',
    'Use a public https address, or let the server’s owner name the host in `AZORA_WEBHOOK_HOSTS`.',
  ),
  webhook_rotation_running: conflict(
    'The webhook has two secrets until the overlap of the last rotation is over.',
    'Wait for its end, or end the old secrets at once: `azora webhook rotate NAME --now`.',
  ),
  webhook_event_not_found: missing(
    'There is no such event in your tenant, or it is none that receivers are told.',
    'List those that were sent: `azora webhook deliveries NAME`.',
  ),
}

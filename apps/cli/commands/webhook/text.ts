import type { DeliveryView, WebhookAttempt, WebhookView, WebhookWithSecret } from '@azora/contracts'
import { WebhookEvent } from '@azora/contracts'
import { printable, type Style } from '../../output/style.ts'
import { duration, facts, table } from '../../output/text.ts'

const WHY = { gone: 'the receiver said that it is gone', unreachable: 'nothing could be delivered for too long' }

const eventsOf = ({ events }: WebhookView): string =>
  events.length === WebhookEvent.options.length ? 'all' : events.join(', ')

export function webhooksText(style: Style, items: readonly WebhookView[]): string {
  if (items.length === 0) return 'no webhooks'
  const rows = items.map((view) => [
    view.name,
    view.state,
    String(view.pending),
    view.lastDeliveredAt ?? '',
    eventsOf(view),
    printable(view.url),
  ])
  return table(style, ['webhook', 'state', 'pending', 'last delivered', 'events', 'url'], rows)
}

export function webhookText(style: Style, view: WebhookView): string {
  return facts(style, [
    ['webhook', view.name],
    ['state', view.why === undefined ? view.state : `${view.state}: ${WHY[view.why]}`],
    ['url', printable(view.url)],
    ['events', eventsOf(view)],
    ['agents', view.agents.length === 0 ? 'all' : view.agents.join(', ')],
    ['pending', view.pending],
    ['failures in a row', view.failures === 0 ? undefined : view.failures],
    ['failing since', view.failingSince],
    ['next attempt', view.nextAttemptAt],
    ['last delivered', view.lastDeliveredAt],
    ...view.secrets.map(({ version, createdAt, expiresAt }): [string, string] => [
      `secret ${version}`,
      expiresAt === undefined ? `since ${createdAt}` : `since ${createdAt}, until ${expiresAt}`,
    ]),
  ])
}

export const secretText = (style: Style, { webhook, secret }: WebhookWithSecret): string =>
  `${style.quiet(`secret ${webhook.secrets[0]?.version ?? ''}, shown this once:`)} ${secret}`

export function deliveriesText(style: Style, items: readonly DeliveryView[]): string {
  if (items.length === 0) return 'no deliveries'
  const rows = items.map(({ eventId, type, run, state, attempts, last, nextAttemptAt }) => [
    eventId,
    type,
    run ?? '',
    state,
    String(attempts),
    last ? attemptText(last) : '',
    nextAttemptAt ?? '',
  ])
  return table(style, ['event', 'type', 'run', 'state', 'attempts', 'last', 'next'], rows)
}

/** `204 in 12ms`, or what went wrong, in one line. */
export function attemptText({ status, durationMs, excerpt, error, delivered }: WebhookAttempt): string {
  const said = error ?? (delivered ? undefined : excerpt)
  const parts = [status, `in ${duration(durationMs)}`, said && `: ${said.replaceAll(/\s+/g, ' ').slice(0, 100)}`]
  return printable(parts.filter(Boolean).join(' ').replace(' :', ':'))
}

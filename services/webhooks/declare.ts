import { AzoraError } from '@azora/base'
import type { WebhookEvent } from '@azora/contracts'
import type { createChanges } from './changes.ts'
import type { Caller } from './endpoint.ts'
import type { Keys } from './keys.ts'
import type { Shelf } from './shelf.ts'

/** A webhook that the server's own settings name. */
export interface DeclaredWebhook {
  url: string
  key: Buffer
  events: WebhookEvent[]
}

export interface DeclareDeps {
  shelf: Pick<Shelf, 'of'>
  keys: Pick<Keys, 'validFor'>
  changes: ReturnType<typeof createChanges>
}

/** Makes what there is like what the settings say: there is one such webhook, or none. */
export const createDeclaring =
  ({ shelf, keys, changes }: DeclareDeps) =>
  async (caller: Caller, name: string, wanted: DeclaredWebhook | undefined): Promise<void> => {
    const endpoint = shelf.of(caller.tenant).find((one) => one.endpoint.name === name)?.endpoint
    if (endpoint && endpoint.createdBy !== caller.id) {
      if (wanted) throw taken(name)
      return
    }
    if (!wanted) {
      if (endpoint) await changes.remove(caller, name)
      return
    }
    const { url, events, key } = wanted
    if (!endpoint) {
      await changes.create(caller, { name, url, events, agents: [] }, key)
      return
    }
    if (endpoint.url !== url) await changes.update(caller, name, { url }, 'trusted')
    const [current] = await keys.validFor(endpoint)
    if (!current?.equals(key)) await changes.rotate(caller, name, 0, key)
  }

const taken = (name: string): AzoraError =>
  new AzoraError('conflict', 'webhook_exists', `there is a webhook ${name} that people made`, {
    remedy: `Remove it (azora webhook remove ${name}), or unset AZORA_REVIEW_WEBHOOK.`,
  })

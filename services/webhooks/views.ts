import type { DeliveryQuery, DeliveryView, WebhookView } from '@azora/contracts'
import { viewOf } from './endpoint.ts'
import { indexOf } from './event.ts'
import type { Keys } from './keys.ts'
import type { Shelf, Shelved } from './shelf.ts'
import type { DeliveryStore } from './store/deliveries.ts'
import { deliveryViewOf } from './store/delivery-row.ts'

export interface ViewDeps {
  shard: string
  shelf: Shelf
  deliveries: Pick<DeliveryStore, 'summaries' | 'list'>
  keys: Pick<Keys, 'versionsOf'>
}

/** What people see of webhooks. */
export function createViews({ shard, shelf, deliveries, keys }: ViewDeps) {
  async function viewsOf(tenant: string, shelved: readonly Shelved[]): Promise<WebhookView[]> {
    const summaries = await deliveries.summaries(tenant)
    return Promise.all(
      shelved.map(async ({ endpoint, lane }) =>
        viewOf(endpoint, lane.health(), summaries.get(endpoint.id) ?? { pending: 0 }, await keys.versionsOf(endpoint)),
      ),
    )
  }
  return {
    list: (tenant: string): Promise<WebhookView[]> =>
      viewsOf(
        tenant,
        shelf.of(tenant).toSorted((a, b) => (a.endpoint.name < b.endpoint.name ? -1 : 1)),
      ),
    async get(tenant: string, name: string): Promise<WebhookView> {
      const [view] = await viewsOf(tenant, [shelf.named(tenant, name)])
      return view as WebhookView
    },
    async deliveries(tenant: string, name: string, { before, ...query }: DeliveryQuery): Promise<DeliveryView[]> {
      const { endpoint } = shelf.named(tenant, name)
      const olderThan = before === undefined ? undefined : indexOf(before)
      const found = await deliveries.list(endpoint, { ...query, before: olderThan })
      return found.map((delivery) => deliveryViewOf(shard, delivery))
    },
  }
}

import { type Endpoint, notFound } from './endpoint.ts'
import type { Lane } from './lane.ts'

/** An endpoint as it stands, and what is sent to it. */
export interface Shelved {
  endpoint: Endpoint
  lane: Lane
}

/** The endpoints of this server, in memory. */
export interface Shelf {
  all(): Shelved[]
  of(tenant: string): Shelved[]
  /** Throws `webhook_not_found`. */
  named(tenant: string, name: string): Shelved
  add(shelved: Shelved): void
  remove(endpoint: Endpoint): void
}

export function createShelf(): Shelf {
  const tenants = new Map<string, Map<string, Shelved>>()
  const of: Shelf['of'] = (tenant) => [...(tenants.get(tenant)?.values() ?? [])]
  return {
    all: () => [...tenants.keys()].flatMap(of),
    of,
    named(tenant, name) {
      const found = tenants.get(tenant)?.get(name)
      if (found) return found
      throw notFound(name)
    },
    add(shelved) {
      const { tenant, name } = shelved.endpoint
      const names = tenants.get(tenant) ?? new Map<string, Shelved>()
      tenants.set(tenant, names.set(name, shelved))
    },
    remove: ({ tenant, name }) => void tenants.get(tenant)?.delete(name),
  }
}

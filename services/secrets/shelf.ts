import type { Secret } from './secret.ts'

/** What is known of secrets without their values, in memory: judging an action must not wait for the database. */
export interface Shelf {
  get(tenant: string, name: string): Secret | undefined
  /** In the order of their names. */
  of(tenant: string): Secret[]
  set(secret: Secret): Secret
  delete(secret: Secret): void
}

export function createShelf(secrets: readonly Secret[]): Shelf {
  // A tenant's name holds no slash.
  const keyOf = ({ tenant, name }: Pick<Secret, 'tenant' | 'name'>): string => `${tenant}/${name}`
  const known = new Map(secrets.map((secret) => [keyOf(secret), secret]))
  return {
    get: (tenant, name) => known.get(keyOf({ tenant, name })),
    of: (tenant) =>
      [...known.values()].filter((secret) => secret.tenant === tenant).sort((a, b) => (a.name < b.name ? -1 : 1)),
    set(secret) {
      known.set(keyOf(secret), secret)
      return secret
    },
    delete: (secret) => void known.delete(keyOf(secret)),
  }
}

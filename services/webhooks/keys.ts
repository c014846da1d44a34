import { type Clock, type KeyContext, type KeyWrap, timestamp } from '@azora/base'
import type { Endpoint } from './endpoint.ts'
import { newKey } from './sign.ts'
import type { EndpointStore, Place, StoredSecret } from './store/endpoints.ts'

/** The keys that an endpoint's messages are signed with. In the database each is wrapped, and bound to its place. */
export interface Keys {
  /** @param given the key; a random one when absent */
  make(place: Place, version: number, given?: Buffer): Promise<{ key: Buffer; secret: StoredSecret }>
  /** Those that are valid now, newest first. Rejects with what the key wrap throws. */
  validFor(endpoint: Endpoint): Promise<Buffer[]>
  /** Those that are valid now, without what they are. */
  versionsOf(place: Place): Promise<StoredSecret[]>
  /** Reads them again at their next use. */
  forget(place: Place): void
}

const contextOf = ({ tenant, id }: Place, version: number): KeyContext => ({
  type: 'azora.webhook.v1',
  tenant,
  webhook: id,
  version: String(version),
})

export function createKeys(deps: { store: EndpointStore; keyWrap: KeyWrap; clock: Clock }): Keys {
  const { store, keyWrap, clock } = deps
  const known = new Map<string, Promise<Array<{ key: Buffer; untilMs: number }>>>()
  const isValid = ({ expiresAt }: StoredSecret): boolean =>
    expiresAt === undefined || Date.parse(expiresAt) > clock.now()

  const versionsOf: Keys['versionsOf'] = async (place) => (await store.secrets(place)).filter(isValid)

  async function open(place: Place): Promise<Array<{ key: Buffer; untilMs: number }>> {
    const secrets = await versionsOf(place)
    return Promise.all(
      secrets.map(async ({ version, wrapped, expiresAt }) => ({
        key: await keyWrap.unwrap(wrapped, contextOf(place, version)),
        untilMs: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
      })),
    )
  }

  return {
    async make(place, version, key = newKey()) {
      const wrapped = Buffer.from(await keyWrap.wrap(key, contextOf(place, version)))
      return { key, secret: { version, wrapped, createdAt: timestamp(clock.now()) } }
    },
    async validFor(endpoint) {
      const { id } = endpoint
      let keys = known.get(id)
      if (!keys) {
        keys = open(endpoint)
        keys.catch(() => known.delete(id))
        known.set(id, keys)
      }
      return (await keys).filter(({ untilMs }) => untilMs > clock.now()).map(({ key }) => key)
    },
    versionsOf,
    forget: ({ id }) => void known.delete(id),
  }
}

import { type Clock, type KeyWrap, type Log, oneAfterAnother } from '@azora/base'
import type { Db } from '@azora/base/db'
import type {
  LeaseEnd,
  LeaseUse,
  NewSecret,
  RotateSecret,
  SealedLease,
  SecretLeaseView,
  SecretView,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type Caller, createChanges } from './changes.ts'
import { createLeases } from './leases.ts'
import { createLending, type LendRequest } from './lend.ts'
import { notFound, type Secret, viewOf } from './secret.ts'
import { createShelf } from './shelf.ts'
import { createSecretStore } from './store/secrets.ts'
import { usesOf } from './uses.ts'

export interface SecretsDeps {
  db: Db
  journal: Pick<Journal, 'append' | 'within'>
  /** Wraps the data keys: a key file on this machine, or a key-management service. */
  keyWrap: KeyWrap
  clock: Clock
  log: Log
}

/** What may be leased: written once, never shown. */
export interface Secrets {
  /** Throws `secret_exists`, `secret_value_unfit`, `expiry_past`, or what the key wrap throws. */
  put(caller: Caller, request: NewSecret): Promise<SecretView>
  list(tenant: string): SecretView[]
  /** Throws `secret_not_found`, as every method that names one. */
  get(tenant: string, name: string): SecretView
  rotate(caller: Caller, name: string, request: RotateSecret): Promise<SecretView>
  /** Ends every version, and every lease, at once. */
  revoke(caller: Caller, name: string): Promise<SecretView>
  remove(caller: Caller, name: string): Promise<void>
  /** The newest leases, the newest first; also of a secret that was removed. */
  uses(tenant: string, name: string): Promise<SecretLeaseView[]>
  /** Without values and versions: the terms on which an action can use it; undefined for a secret that there is not. */
  termsOf(tenant: string, name: string): SecretTerms | undefined
  /** Values for one action, all of them or none, readable by one key; on record before this resolves. */
  lend(request: LendRequest, onEnd: (why: LeaseEnd, leaseId: string) => void): Promise<SealedLease[]>
  giveBack(leaseIds: readonly string[], why: 'finished' | 'lost', uses: readonly LeaseUse[]): Promise<void>
  close(): void
}

export type SecretTerms = Pick<Secret, 'hosts' | 'place' | 'environment' | 'leaseMs'>

export async function createSecrets({ db, journal, keyWrap, clock, log }: SecretsDeps): Promise<Secrets> {
  const store = await createSecretStore(db)
  const shelf = createShelf(await store.all())
  const leases = createLeases({ journal, clock, log })
  const changes = createChanges({ store, shelf, leases, journal, keyWrap, clock })
  const view = (secret: Secret): SecretView => viewOf(secret, clock.now(), leases.countOf(secret))

  const inTurn = oneAfterAnother()

  return {
    put: (caller, request) => inTurn(async () => view(await changes.put(caller, request))),
    list: (tenant) => shelf.of(tenant).map(view),
    get(tenant, name) {
      const secret = shelf.get(tenant, name)
      if (secret) return view(secret)
      throw notFound(name)
    },
    rotate: (caller, name, request) => inTurn(async () => view(await changes.rotate(caller, name, request))),
    revoke: (caller, name) => inTurn(async () => view(await changes.revoke(caller, name))),
    remove: (caller, name) => inTurn(() => changes.remove(caller, name)),
    async uses(tenant, name) {
      const found = await usesOf(journal, tenant, name)
      if (found.length === 0 && !shelf.get(tenant, name)) throw notFound(name)
      return found
    },
    termsOf: (tenant, name) => shelf.get(tenant, name),
    ...createLending({ store, shelf, leases, keyWrap }),
    close: () => leases.close(),
  }
}

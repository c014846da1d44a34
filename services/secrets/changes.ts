import { AzoraError, type Clock, type KeyWrap, timestamp } from '@azora/base'
import type { EntryKind, EntryPayload, NewSecret, RotateSecret } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { sealValue } from './envelope.ts'
import type { Leases } from './leases.ts'
import { assertFits, currentOf, notFound, type Secret } from './secret.ts'
import type { Shelf } from './shelf.ts'
import type { SecretStore } from './store/secrets.ts'

/** Who asks, and for which tenant. */
export interface Caller {
  id: string
  tenant: string
}

export interface ChangeDeps {
  store: SecretStore
  shelf: Shelf
  leases: Pick<Leases, 'revoke'>
  journal: Pick<Journal, 'append'>
  keyWrap: KeyWrap
  clock: Clock
}

const SECRETS_MAX = 1_000
const VERSIONS_MAX = 1_000

/** What the owner does to secrets. Each change is encrypted first, then on record, then it holds. */
export function createChanges({ store, shelf, leases, journal, keyWrap, clock }: ChangeDeps) {
  const record = <K extends EntryKind>({ id, tenant }: Caller, kind: K, payload: EntryPayload<K>) =>
    journal.append({ kind, payload, tenant, actor: id } as never)
  const known = (tenant: string, name: string): Secret => {
    const secret = shelf.get(tenant, name)
    if (!secret) throw notFound(name)
    return secret
  }

  return {
    async put(caller: Caller, request: NewSecret): Promise<Secret> {
      const { value, name, expiresAt, ...terms } = request
      if (shelf.get(caller.tenant, name)) throw exists(name)
      if (shelf.of(caller.tenant).length >= SECRETS_MAX) throw tooMany()
      assertFits(value, terms.place)
      assertAhead(expiresAt, clock)
      const envelope = await sealValue(keyWrap, value, { tenant: caller.tenant, name, version: 1 })
      const until = expiresAt === undefined ? {} : { expiresAt }
      await record(caller, 'secret.put', { name, version: 1, ...terms, ...until })
      const createdAt = timestamp(clock.now())
      const version = { version: 1, keyId: keyWrap.keyId, createdAt, ...until, revoked: false }
      const secret = { tenant: caller.tenant, name, ...terms, createdAt, createdBy: caller.id, versions: [version] }
      await store.insert(secret, version, envelope)
      return shelf.set(secret)
    },
    async rotate(caller: Caller, name: string, { value, expiresAt, now }: RotateSecret): Promise<Secret> {
      const secret = known(caller.tenant, name)
      const previous = currentOf(secret)?.version ?? 0
      if (secret.versions.length >= VERSIONS_MAX) throw tooManyVersions(name)
      assertFits(value, secret.place)
      assertAhead(expiresAt, clock)
      const number = previous + 1
      const envelope = await sealValue(keyWrap, value, { tenant: caller.tenant, name, version: number })
      const until = expiresAt === undefined ? {} : { expiresAt }
      await record(caller, 'secret.rotated', { name, version: number, previous, now, ...until })
      const version = {
        version: number,
        keyId: keyWrap.keyId,
        createdAt: timestamp(clock.now()),
        ...until,
        revoked: false,
      }
      await store.addVersion(caller.tenant, name, version, envelope)
      const rotated = shelf.set({ ...secret, versions: [...secret.versions, version] })
      return now ? revokeVersions(rotated, secret.versions.map(numberOf)) : rotated
    },
    async revoke(caller: Caller, name: string): Promise<Secret> {
      const secret = known(caller.tenant, name)
      const versions = secret.versions.filter(({ revoked }) => !revoked).map(numberOf)
      if (versions.length === 0) return secret
      await record(caller, 'secret.revoked', { name, versions })
      return revokeVersions(secret, versions)
    },
    async remove(caller: Caller, name: string): Promise<void> {
      const secret = known(caller.tenant, name)
      await record(caller, 'secret.removed', { name })
      shelf.delete(secret)
      await Promise.all([store.remove(caller.tenant, name), leases.revoke(secret, secret.versions.map(numberOf))])
    },
  }

  async function revokeVersions(secret: Secret, numbers: readonly number[]): Promise<Secret> {
    const versions = secret.versions.map((version) =>
      numbers.includes(version.version) ? { ...version, revoked: true } : version,
    )
    // No lease can begin from here on, also after a restart; then those that run are ended.
    const revoked = shelf.set({ ...secret, versions })
    await Promise.all([store.revoke(secret.tenant, secret.name, numbers), leases.revoke(secret, numbers)])
    return revoked
  }
}

const numberOf = ({ version }: { version: number }): number => version

function assertAhead(expiresAt: string | undefined, clock: Clock): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > clock.now()) return
  throw new AzoraError('fix', 'expiry_past', `${expiresAt} is in the past`, { remedy: 'Name a time that is to come.' })
}

const exists = (name: string): AzoraError =>
  new AzoraError('conflict', 'secret_exists', `there is a secret ${name} already`, {
    remedy: `Give it a new value with azora secret rotate ${name}, or remove it first to change where it may go.`,
  })

const tooMany = (): AzoraError =>
  new AzoraError('conflict', 'secrets_too_many', `there are ${SECRETS_MAX} secrets, more than that may not`, {
    remedy: 'Remove what is not used any more: azora secret list',
  })

const tooManyVersions = (name: string): AzoraError =>
  new AzoraError('conflict', 'secrets_too_many', `${name} has ${VERSIONS_MAX} versions, more than that may not`, {
    remedy: `Remove it and put it anew: azora secret remove ${name}`,
  })

import { randomBytes, randomUUID } from 'node:crypto'
import { AzoraError, type Clock, type KeyContext, type KeyWrap, timestamp } from '@azora/base'
import type { EntryKind, PayloadKeyView } from '@azora/contracts'
import type { Row } from '../store/port.ts'
import type { DataKeyStore, PayloadCodec, PrivateTexts, WrappedKey } from './port.ts'
import { keyIdOf, openPayload, type Sealable, sealPayload } from './seal.ts'

/** How payloads are kept from those who can read the database. */
export interface PayloadEncryption {
  keyWrap: KeyWrap
  /** Whether new payloads are encrypted. Those that are can be read either way. */
  on: boolean
  /** The kinds whose payloads are encrypted; the others are what the system works by, and tell nobody's business. */
  covers: (kind: EntryKind) => boolean
}

export interface Vault extends PayloadCodec {
  readonly texts: PrivateTexts
  /** Takes up the keys that are there. Throws `payload_key_missing`, `key_unwrap_failed`. */
  load(): Promise<void>
  /** Lets new payloads of the tenant be encrypted under a new key. */
  rotate(tenant: string, id: string): Promise<void>
  /** A tenant's keys, oldest first; the last one is in use. */
  keys(tenant: string): PayloadKeyView[]
}

const KEY_BYTES = 32
/** What other rooms made is committed to by no digest. */
const NO_SALT = Buffer.alloc(16)
const contextOf = ({ id, tenant }: Pick<WrappedKey, 'id' | 'tenant'>): KeyContext => ({
  purpose: 'azora.payloads',
  tenant,
  key: id,
})

/** Keeps the data keys of all tenants at hand, so that payloads are sealed and opened without waiting. */
export function createVault(
  store: DataKeyStore,
  encryption: PayloadEncryption | undefined,
  clock: Pick<Clock, 'now'>,
): Vault {
  const known = new Map<string, { key: Buffer; about: WrappedKey }>()
  /** By tenant, the key that new payloads are sealed under. */
  const active = new Map<string, string>()
  const sealed = (kind: EntryKind): boolean => encryption?.on === true && encryption.covers(kind)

  async function create({ keyWrap }: PayloadEncryption, tenant: string, id: string): Promise<void> {
    const key = randomBytes(KEY_BYTES)
    const wrapped = await keyWrap.wrap(key, contextOf({ id, tenant }))
    const about = { id, tenant, kek: keyWrap.keyId, wrapped, createdAt: timestamp(clock.now()) }
    await store.add(about)
    known.set(id, { key, about })
    active.set(tenant, id)
  }

  async function ready(on: PayloadEncryption, tenant: string): Promise<void> {
    if (!active.has(tenant)) await create(on, tenant, randomUUID())
  }

  function sealWith(tenant: string, what: string, sealable: Sealable): string {
    const id = active.get(tenant) ?? ''
    const found = known.get(id)
    if (!found) throw missing(what, id)
    return sealPayload(id, found.key, sealable)
  }

  /** Undefined for what isn't sealed. */
  function openWith(what: string, header: string, stored: string): ReturnType<typeof openPayload> {
    const id = keyIdOf(stored)
    if (id === undefined) return undefined
    const found = known.get(id)
    if (!found) throw missing(what, id)
    const opened = openPayload(found.key, header, stored)
    if (opened) return opened
    throw new AzoraError('conflict', 'payload_unreadable', `${what} was changed in the database`, {
      remedy: 'Restore the database from a backup.',
    })
  }

  return {
    async load() {
      const keys = await store.all()
      if (keys.length > 0 && !encryption) throw withoutKey(keys.length)
      for (const about of keys) {
        const key = await encryption?.keyWrap.unwrap(Buffer.from(about.wrapped), contextOf(about)).catch((cause) => {
          throw locked(about, encryption.keyWrap.keyId, cause)
        })
        if (!key) continue
        known.set(about.id, { key, about })
        active.set(about.tenant, about.id)
      }
    },
    async prepare(rows) {
      if (!encryption?.on) return
      const tenants = new Set(rows.flatMap((row) => (sealed(row.kind) ? tenantOf(row) : [])))
      for (const tenant of tenants) await ready(encryption, tenant)
    },
    seal(row) {
      const { kind, header, payload, salt } = row
      if (!sealed(kind) || payload === null || salt === null) return row
      return { ...row, payload: sealWith(tenantOf(row), nameOf(row), { header, payload, salt }), salt: null }
    },
    open: (row) => (row.payload === null ? row : { ...row, ...openWith(nameOf(row), row.header, row.payload) }),
    texts: {
      async seal(tenant, about, text) {
        if (!encryption?.on) return text
        await ready(encryption, tenant)
        return sealWith(tenant, about, { header: about, payload: text, salt: NO_SALT })
      },
      open: (about, stored) => openWith(about, about, stored)?.payload ?? stored,
    },
    async rotate(tenant, id) {
      if (!encryption?.on) throw off()
      await create(encryption, tenant, id)
    },
    keys: (tenant) =>
      [...known.values()]
        .filter(({ about }) => about.tenant === tenant)
        .map(({ about: { id, kek, createdAt } }) => ({
          id,
          kek,
          createdAt,
          state: encryption?.on && active.get(tenant) === id ? 'active' : 'retired',
        })),
  }
}

/** Of a canonical header, in which no value but the tenant's own can look like it. */
const tenantOf = ({ header }: Row): string => /"tenant":"([^"]*)"/.exec(header)?.[1] ?? ''

const RESTORE = 'Start with keys/secrets.key as it was when they were written; without it they can never be read.'

const nameOf = ({ index }: Row): string => `the payload of entry ${index}`

const missing = (what: string, id: string): AzoraError =>
  new AzoraError('conflict', 'payload_key_missing', `${what} is encrypted under key ${id}, which is not here`, {
    remedy: 'Restore the table journal.data_key from a backup.',
  })

const withoutKey = (count: number): AzoraError =>
  new AzoraError(
    'conflict',
    'payload_key_missing',
    `payloads are encrypted under ${count} keys, and nothing opens them`,
    {
      remedy: RESTORE,
    },
  )

const locked = ({ id, tenant, kek }: WrappedKey, keyId: string, cause: unknown): unknown =>
  cause instanceof AzoraError && cause.advice === 'retry'
    ? cause
    : new AzoraError(
        'conflict',
        'payload_key_locked',
        `the payloads of tenant ${tenant} are encrypted under key ${id}, which ${kek} wrapped; ${keyId} does not open it`,
        { remedy: RESTORE, cause },
      )

const off = (): AzoraError =>
  new AzoraError('conflict', 'payload_encryption_off', 'payloads are not encrypted here', {
    remedy: 'Start the server with AZORA_ENCRYPT_PAYLOADS=on.',
  })

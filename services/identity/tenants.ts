import { AzoraError, oneAfterAnother } from '@azora/base'
import { FOUNDING_ROLES, type NewTenant, SERVER_TENANT, type TenantView } from '@azora/contracts'
import type { Principal } from './principal.ts'
import { hashOf } from './secret-text.ts'
import type { TenantRow, TenantStore } from './store/tenants.ts'

/** Puts a change on record, before it holds. */
type Record = () => Promise<unknown>

/** Whose things are kept apart. */
export interface Tenants {
  /** In the order of their names. */
  list(): TenantView[]
  isSuspended(tenant: string): boolean
  /** Calls the listener after each change. */
  onChange(listener: () => void): void
  /** Throws `tenant_suspended`. */
  requireActive(tenant: string): void
  /** With the first who administers it, and the token that is all they need. Throws `tenant_exists`, `tenants_too_many`. */
  create(request: NewTenant, record: Record): Promise<{ tenant: TenantView; token: string }>
  /** Nobody of it gets in any more. Throws `tenant_not_found`, `tenant_protected`. */
  suspend(name: string, record: Record): Promise<TenantView>
  /** Throws `tenant_not_found`. */
  resume(name: string, record: Record): Promise<TenantView>
}

const TENANTS_MAX = 10_000

export async function createTenants(store: TenantStore, createToken: () => string): Promise<Tenants> {
  const known = new Map((await store.all()).map((row) => [row.name, row]))
  const listeners: Array<() => void> = []

  const isSuspended = (tenant: string): boolean => Boolean(known.get(tenant)?.suspendedAt)

  const inTurn = oneAfterAnother()

  function take(row: TenantRow): TenantView {
    known.set(row.name, row)
    for (const listener of listeners) listener()
    return viewOf(row)
  }

  async function turn(name: string, suspended: boolean, record: Record): Promise<TenantView> {
    const row = known.get(name)
    if (!row)
      throw new AzoraError('missing', 'tenant_not_found', `there is no tenant ${name}`, {
        remedy: 'List them: azora tenant list',
      })
    if ((row.suspendedAt !== null) === suspended) return viewOf(row)
    // From here on nobody gets in: a stream that the entry ends could be opened again before it holds.
    if (suspended) take({ ...row, suspendedAt: new Date() })
    try {
      await record()
      return take(await store.suspend(name, suspended))
    } catch (thrown) {
      take(row)
      throw thrown
    }
  }

  return {
    list: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(viewOf),
    isSuspended,
    onChange: (listener) => void listeners.push(listener),
    requireActive(tenant) {
      if (isSuspended(tenant))
        throw new AzoraError('forbidden', 'tenant_suspended', `tenant ${tenant} is suspended`, {
          remedy: 'Ask whoever looks after the server to resume it.',
        })
    },
    create: ({ name, admin }, record) =>
      inTurn(async () => {
        if (known.has(name))
          throw new AzoraError('conflict', 'tenant_exists', `there is a tenant ${name} already`, {
            remedy: 'Choose another name.',
          })
        if (known.size >= TENANTS_MAX)
          throw new AzoraError('conflict', 'tenants_too_many', `a server has at most ${TENANTS_MAX} tenants`)
        const principal: Principal = { ...admin, tenant: name, roles: [...FOUNDING_ROLES] }
        const token = createToken()
        await record()
        return { tenant: take(await store.add(name, principal, hashOf(token))), token }
      }),
    suspend: (name, record) =>
      inTurn(async () => {
        if (name === SERVER_TENANT)
          throw new AzoraError('conflict', 'tenant_protected', `tenant ${name} is the server's own`, {
            remedy: 'Nobody could resume it.',
          })
        return turn(name, true, record)
      }),
    resume: (name, record) => inTurn(() => turn(name, false, record)),
  }
}

const viewOf = ({ name, createdAt, suspendedAt }: TenantRow): TenantView => ({
  name,
  state: suspendedAt ? 'suspended' : 'active',
  createdAt: createdAt.toISOString(),
  ...(suspendedAt && { suspendedAt: suspendedAt.toISOString() }),
})

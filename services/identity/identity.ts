import { AzoraError, oneAfterAnother } from '@azora/base'
import type { Db } from '@azora/base/db'
import { GrantedRole, LOCAL_NODE } from '@azora/contracts'
import { createRoles, type Roles } from './custom-roles.ts'
import type { Principal } from './principal.ts'
import { hashOf, newSecret } from './secret-text.ts'
import { createCredentialStore } from './store/credentials.ts'
import { createCustomRoleStore } from './store/custom-roles.ts'
import { createTenantStore } from './store/tenants.ts'
import { createTenants, type Tenants } from './tenants.ts'

export interface Identity {
  readonly tenants: Tenants
  readonly roles: Roles
  /** Who a bearer token belongs to. Throws `unauthenticated`, `tenant_suspended`. */
  authenticate(token: string | undefined): Promise<Principal>
  /** Makes the token the only one of the principal. */
  assign(token: string, principal: Principal): Promise<void>
  /**
   * Makes a principal, and the token that is all it needs; nobody can read it again. Throws `principal_exists`.
   *
   * @param record puts it on record, before it holds
   */
  add(principal: Principal, record: () => Promise<unknown>): Promise<string>
  /** Undefined when there is none, any more or yet. Throws `tenant_suspended`. */
  find(tenant: string, id: string): Promise<Principal | undefined>
  list(tenant: string): Promise<Principal[]>
  /** Gives somebody who is there these roles in place of theirs; their token and keys stay. */
  change(tenant: string, id: string, roles: Principal['roles'], record: () => Promise<unknown>): Promise<void>
  /** What somebody signs with who had nothing to sign with. Throws `principal_not_found`, `signing_key_exists`. */
  addKey(tenant: string, id: string, key: string, record: () => Promise<unknown>): Promise<void>
  /** Grows whenever a principal changes, so that others know when what they remember holds no longer. */
  changes(): number
  /** Throws `principal_not_found`, and `principal_protected` for those that the server needs itself. */
  remove(tenant: string, id: string, record: () => Promise<unknown>): Promise<void>
}

const TOKEN = /^azo_[A-Za-z0-9_-]{43}$/
const CACHED_MAX = 1_000

/** A new bearer token: 256 random bits. */
export const createToken = (): string => newSecret('azo_')

export const isToken = (text: string): boolean => TOKEN.test(text)

export async function createIdentity(deps: { db: Db }): Promise<Identity> {
  const store = await createCredentialStore(deps.db)
  const known = new Map<string, Principal>()
  const inTurn = oneAfterAnother()
  let changes = 0

  async function authenticate(token: string | undefined): Promise<Principal> {
    if (!token || !isToken(token)) throw unauthenticated()
    const tokenHash = hashOf(token)
    const name = tokenHash.toString('hex')
    const cached = known.get(name)
    if (cached) return active(cached)
    const before = changes
    const found = await store.find(tokenHash)
    if (!found) throw unauthenticated()
    // What was read before an assignment may be the token that it replaced.
    if (before !== changes) return authenticate(token)
    if (known.size >= CACHED_MAX) known.clear()
    known.set(name, found)
    return active(found)
  }

  const forget = (): void => {
    changes += 1
    known.clear()
  }

  const tenants = await createTenants(createTenantStore(deps.db), createToken)
  function active(principal: Principal): Principal {
    tenants.requireActive(principal.tenant)
    return principal
  }

  return {
    tenants,
    roles: createRoles(createCustomRoleStore(deps.db), forget),
    authenticate,
    async assign(token, principal) {
      await store.replace(hashOf(token), principal)
      forget()
    },
    async add(principal, record) {
      if (await store.get(principal.tenant, principal.id))
        throw new AzoraError('conflict', 'principal_exists', `there is a ${principal.id} already`, {
          remedy: 'Choose another name, or remove that one first: azora identity remove NAME',
        })
      const token = createToken()
      await record()
      await store.replace(hashOf(token), principal)
      forget()
      return token
    },
    async find(tenant, id) {
      tenants.requireActive(tenant)
      return store.get(tenant, id)
    },
    list: (tenant) => store.list(tenant),
    async change(tenant, id, roles, record) {
      await record()
      await store.setRoles(tenant, id, roles)
      forget()
    },
    addKey: (tenant, id, key, record) =>
      inTurn(async () => {
        const principal = await store.get(tenant, id)
        if (!principal) throw notFound(id)
        // Whoever asks again may not have had the answer.
        if (principal.keys.includes(key)) return
        if (principal.keys.length > 0)
          throw new AzoraError('conflict', 'signing_key_exists', `${id} has a signing key already`, {
            remedy: 'Sign with it. If it is lost, whoever added the person removes them and adds them again.',
          })
        await record()
        await store.addKey(tenant, id, key)
        forget()
      }),
    changes: () => changes,
    async remove(tenant, id, record) {
      const principal = await store.get(tenant, id)
      if (principal && isServers(principal))
        throw new AzoraError('conflict', 'principal_protected', `${id} is needed by the server itself`, {
          remedy: 'Only principals that were added can be removed.',
        })
      if (!principal) throw notFound(id)
      await record()
      await store.remove(tenant, id)
      forget()
    },
  }
}

/** True for what the server gave itself. */
const isServers = ({ id, roles }: Principal): boolean =>
  id === LOCAL_NODE ||
  roles.some((role) => role !== 'node' && role !== 'provisioner' && !GrantedRole.safeParse(role).success)

const notFound = (id: string): AzoraError =>
  new AzoraError('missing', 'principal_not_found', `there is no ${id}`, { remedy: 'List them: azora identity list' })

const unauthenticated = (): AzoraError =>
  new AzoraError('authenticate', 'unauthenticated', 'this needs a valid bearer token', {
    remedy: 'Send "Authorization: Bearer <token>"; the owner\'s token is in owner.token in the data directory.',
  })

import type { Clock, Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { ScimGroup, ScimUser } from '@azora/contracts'
import type { Identity } from './identity.ts'
import { type Bulk, createBulk } from './scim/bulk.ts'
import { createDiscovery, type Discovery } from './scim/discovery.ts'
import { createFollow } from './scim/follow.ts'
import { createGroups } from './scim/groups.ts'
import { createScimOwner, type ScimOwner } from './scim/owner.ts'
import type { RecordScim } from './scim/record.ts'
import { createTurns } from './scim/turns.ts'
import { createUsers, type Resources } from './scim/users.ts'
import type { SignIn } from './sign-in.ts'
import { createScimGroupStore } from './store/scim-groups.ts'
import { createScimUserStore } from './store/scim-users.ts'

/** People and groups as an identity provider keeps them here (SCIM 2.0, RFC 7643 and 7644). */
export interface Scim {
  users: Resources<ScimUser>
  groups: Resources<ScimGroup>
  bulk: Bulk
  discovery: Discovery
  owner: ScimOwner
  /** A principal is added by somebody else: the provider does not get it by a name that it had before. */
  disown(tenant: string, principal: string): Promise<void>
  /** Gives everybody the roles of their groups, as a crash may have come between the two. */
  recover(tenant: string): Promise<void>
}

export interface ScimDeps {
  db: Db
  identity: Identity
  signIn: Pick<SignIn, 'links' | 'leave' | 'oidc'>
  record: RecordScim
  /** The server's own URL, as others see it. */
  origin: () => string
  clock: Clock
  log: Log
}

/** Needs the schema that `createIdentity` makes. */
export function createScim({ db, identity, signIn, record, origin, clock, log }: ScimDeps): Scim {
  const users = createScimUserStore(db)
  const groupStore = createScimGroupStore(db)
  const base = (): string => `${origin()}/scim/v2`
  const issuer = signIn.oidc?.issuer
  const inTurn = createTurns()
  const follow = createFollow({ identity, users, links: signIn.links, leave: signIn.leave, issuer, record })
  const people = orderly(createUsers({ users, follow, base, clock }), inTurn)
  const all = createGroups({ groups: groupStore, users, follow, base, clock })
  const groups = orderly(all, inTurn)
  const owner = createScimOwner({ identity, users, groups: all, groupStore, issuer, base, record })
  return {
    users: people,
    groups,
    discovery: createDiscovery(base),
    bulk: createBulk({ users: people, groups, base, log }),
    owner: {
      status: owner.status,
      token: (by) => inTurn(() => owner.token(by)),
      revoke: (by) => inTurn(() => owner.revoke(by)),
      map: (by, group, role) => inTurn(() => owner.map(by, group, role)),
      unmap: (by, group) => inTurn(() => owner.unmap(by, group)),
    },
    disown: (tenant, principal) => users.setActive(tenant, principal, false),
    recover: async (tenant) => follow.assign({ id: 'system:server', tenant }, await users.list(tenant)),
  }
}

/** The same, with changes one after the other. */
const orderly = <R>(resources: Resources<R>, inTurn: ReturnType<typeof createTurns>): Resources<R> => ({
  shape: resources.shape,
  list: resources.list,
  get: resources.get,
  create: (by, body) => inTurn(() => resources.create(by, body)),
  replace: (by, id, body, conditions) => inTurn(() => resources.replace(by, id, body, conditions)),
  patch: (by, id, patch, conditions) => inTurn(() => resources.patch(by, id, patch, conditions)),
  remove: (by, id, conditions) => inTurn(() => resources.remove(by, id, conditions)),
})

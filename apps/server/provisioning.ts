import type { Clock, Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import { createScim, type Identity, type Scim } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { SigningIn } from './signing-in.ts'

export interface ProvisioningDeps {
  db: Db
  identity: Identity
  signIn: SigningIn
  journal: Pick<Journal, 'append'>
  tenant: string
  clock: Clock
  log: Log
}

/** People as an identity provider keeps them here, with the roles of their groups. */
export async function openProvisioning({ journal, tenant, ...deps }: ProvisioningDeps): Promise<Scim> {
  const { origin } = deps.signIn
  const scim = createScim({ ...deps, origin, record: (draft) => journal.append(draft) })
  await scim.recover(tenant)
  return scim
}

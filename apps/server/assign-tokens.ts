import { LOCAL_NODE } from '@azora/contracts'
import type { Identity } from '@azora/identity'
import type { DataDir } from './local/data-dir.ts'
import type { OwnerKeys } from './local/owner-key.ts'

/** The tokens that the data directory holds are the owner's and those of the node beside the server. */
export async function assignTokens(
  identity: Pick<Identity, 'assign'>,
  tenant: string,
  { ownerToken, nodeToken }: DataDir,
  { trusted }: OwnerKeys,
): Promise<void> {
  await identity.assign(ownerToken, { id: 'user:owner', tenant, roles: ['owner'], keys: trusted })
  await identity.assign(nodeToken, { id: LOCAL_NODE, tenant, roles: ['node'], keys: [] })
}

import type { ApiKeys } from '../api-keys/keys.ts'
import type { DeviceStore } from '../store/devices.ts'
import type { LinkStore } from '../store/links.ts'
import type { Sessions } from './sessions.ts'

/**
 * Ends every way by which a principal comes in without a token. Whoever gets the name next, or is let in again under it,
 * finds nothing of it.
 */
export type Leave = (by: { id: string; tenant: string }, principal: string) => Promise<void>

export function createLeave(deps: {
  links: Pick<LinkStore, 'remove'>
  sessions: Pick<Sessions, 'endAll'>
  devices: Pick<DeviceStore, 'forget'>
  apiKeys: Pick<ApiKeys, 'revokeAll'>
}): Leave {
  const { links, sessions, devices, apiKeys } = deps
  return async (by, principal) => {
    await links.remove(by.tenant, principal)
    await devices.forget(by.tenant, principal)
    await sessions.endAll(by, principal, 'principal_removed')
    await apiKeys.revokeAll(by, principal)
  }
}

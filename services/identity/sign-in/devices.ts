import { randomInt } from 'node:crypto'
import { AzoraError, type Clock } from '@azora/base'
import type { DeviceView } from '@azora/contracts'
import type { Principal } from '../principal.ts'
import { hashOf, newSecret } from '../secret-text.ts'
import type { DeviceRow, DeviceStore } from '../store/devices.ts'

/** Devices that ask to act for somebody, who says so elsewhere (RFC 8628). */
export interface Devices {
  /** Throws `too_many_devices`. */
  ask(device: string, address: string): Promise<{ deviceCode: string; userCode: string }>
  /** One that waits for a decision. Throws `device_not_found`. */
  find(userCode: string, by: Pick<Principal, 'tenant'>): Promise<DeviceView>
  /** Throws `device_not_found`, also when another decision came first. */
  decide(userCode: string, decision: 'approve' | 'deny', by: Pick<Principal, 'id' | 'tenant'>): Promise<DeviceView>
  /**
   * Whom the device may act for; used up by the answer. Throws `authorization_pending`, `slow_down`, `access_denied` and
   * `expired_token`.
   */
  take(deviceCode: string): Promise<{ tenant: string; principal: string }>
}

export const DEVICE_SECONDS = 600
/** Between two requests for the token, in seconds. */
export const DEVICE_INTERVAL_SECONDS = 2
const WAITING_MAX = 1_000
/** A clock that runs a little differently is no reason to complain. */
const INTERVAL_MS = DEVICE_INTERVAL_SECONDS * 500
const CODE = /^azd_[A-Za-z0-9_-]{43}$/
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

export function createDevices({ store, clock }: { store: DeviceStore; clock: Clock }): Devices {
  const find: Devices['find'] = async (userCode, { tenant }) => {
    const row = await store.waiting(tenant, userCode, clock.now())
    if (row) return viewOf(row)
    throw notFound()
  }
  return {
    async ask(device, address) {
      const now = clock.now()
      const deviceCode = newSecret('azd_')
      const userCode = newUserCode()
      const row = {
        userCode,
        device,
        address,
        askedAt: new Date(now),
        expiresAt: new Date(now + DEVICE_SECONDS * 1_000),
      }
      const added = await store.add(
        hashOf(deviceCode),
        { ...row, decision: null, tenant: null, principal: null },
        WAITING_MAX,
      )
      if (added) return { deviceCode, userCode }
      throw new AzoraError('retry', 'too_many_devices', 'too many devices wait for somebody’s word', {
        retryAfterMs: 60_000,
      })
    },
    find,
    async decide(userCode, decision, by) {
      const view = await find(userCode, by)
      if (await store.decide(userCode, decision, by, clock.now())) return view
      throw notFound()
    },
    async take(deviceCode) {
      const asked = CODE.test(deviceCode) && (await store.ask(hashOf(deviceCode), clock.now(), INTERVAL_MS))
      if (!asked) throw expired()
      if (asked.decision === null && asked.soon)
        throw new AzoraError('fix', 'slow_down', 'this was asked a moment ago', {
          remedy: `Wait ${DEVICE_INTERVAL_SECONDS} s between two requests.`,
        })
      if (asked.decision === null)
        throw new AzoraError('fix', 'authorization_pending', 'nobody has said yes yet', {
          remedy: `Ask again in ${DEVICE_INTERVAL_SECONDS} s.`,
        })
      const { decision, tenant, principal } = asked
      if (!(await store.take(hashOf(deviceCode)))) throw expired()
      if (decision === 'approve' && tenant !== null && principal !== null) return { tenant, principal }
      throw new AzoraError('forbidden', 'access_denied', 'the device may not act for them')
    },
  }
}

const viewOf = ({ userCode, device, address, askedAt, expiresAt }: DeviceRow): DeviceView => ({
  userCode,
  device,
  address,
  askedAt: askedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
})

function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const expired = (): AzoraError =>
  new AzoraError('fix', 'expired_token', 'the code was used, is too old or never was', {
    remedy: 'Begin again: azora login',
  })

const notFound = (): AzoraError =>
  new AzoraError('missing', 'device_not_found', 'no device waits with this code', {
    remedy: 'See that you typed it as it was shown; after ten minutes begin again.',
  })

import { AzoraError } from '@azora/base'
import { operations } from '@azora/contracts'
import { DEVICE_INTERVAL_SECONDS, DEVICE_SECONDS, type Identity, type Principal, type SignIn } from '@azora/identity'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { requireLasting } from '../sign-in/lasting.ts'

export interface DeviceRouteDeps {
  signIn: SignIn
  identity: Pick<Identity, 'find'>
  origin: () => string
}

const { authorize, token, show, decide } = operations.devices

/** How a command line gets to act for somebody who is signed in elsewhere. */
export function deviceRoutes(app: App, { signIn, identity, origin }: DeviceRouteDeps): void {
  const { devices, sessions, attempts } = signIn
  serve(app, authorize, async ({ body: { device } }, reply) => {
    await attempts.pace(reply.request.ip)
    const { deviceCode, userCode } = await devices.ask(device, reply.request.ip)
    reply.header('cache-control', 'no-store')
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${origin()}/sign-in`,
      verification_uri_complete: `${origin()}/sign-in#device=${userCode}`,
      expires_in: DEVICE_SECONDS,
      interval: DEVICE_INTERVAL_SECONDS,
    }
  })
  serve(app, token, async ({ body }, reply) => {
    reply.header('cache-control', 'no-store')
    const { tenant, principal: id } = await devices.take(body.device_code)
    const principal = await identity.find(tenant, id)
    if (!principal) throw new AzoraError('forbidden', 'access_denied', 'who approved it is gone')
    const { secret, session } = await sessions.start(principal, 'device')
    const seconds = Math.floor((Date.parse(session.expiresAt) - Date.parse(session.startedAt)) / 1_000)
    return { access_token: secret, token_type: 'Bearer' as const, expires_in: seconds, principal: id }
  })
  serve(app, show, ({ principal, params: { userCode } }) =>
    attempts.guard('device', nameOf(principal), () => devices.find(userCode, principal)),
  )
  serve(app, decide, ({ principal, caller, params: { userCode }, body: { decision } }) => {
    requireLasting(caller)
    return attempts.guard('device', nameOf(principal), () => devices.decide(userCode, decision, principal))
  })
}

/** Of one person: another tenant may have somebody with the same id. */
const nameOf = ({ tenant, id }: Principal): string => `${tenant}/${id}`

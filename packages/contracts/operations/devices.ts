import { z } from 'zod'
import {
  DeviceAuthorization,
  DeviceDecision,
  DeviceRequest,
  DeviceToken,
  DeviceTokenRequest,
  DeviceView,
  UserCode,
} from '../device.ts'
import { operation } from './operation.ts'

const params = z.strictObject({ userCode: UserCode })

/** Device flow (RFC 8628), with bodies of JSON. */
export const devices = {
  authorize: operation({
    method: 'POST',
    path: '/api/v1/device-authorizations',
    summary: 'Ask to act for somebody, who says so with the user code',
    permission: 'public',
    scope: 'none',
    body: DeviceRequest,
    answersSecret: true,
    problems: ['too_many_attempts', 'too_many_devices', 'database_unreachable', 'database_full'],
    responses: { 201: DeviceAuthorization },
  }),
  token: operation({
    method: 'POST',
    path: '/api/v1/device-tokens',
    summary: 'Take the token, once somebody has approved',
    permission: 'public',
    scope: 'none',
    body: DeviceTokenRequest,
    answersSecret: true,
    problems: [
      'authorization_pending',
      'slow_down',
      'access_denied',
      'expired_token',
      'database_unreachable',
      'database_full',
    ],
    responses: { 201: DeviceToken },
  }),
  show: operation({
    method: 'GET',
    path: '/api/v1/device-authorizations/{userCode}',
    summary: 'Who asks with this user code',
    permission: 'device.read',
    scope: 'tenant',
    params,
    problems: ['device_not_found', 'too_many_attempts'],
    responses: { 200: DeviceView },
  }),
  decide: operation({
    method: 'POST',
    path: '/api/v1/device-authorizations/{userCode}',
    summary: 'Let the device act for the caller, or not',
    permission: 'device.decide',
    scope: 'tenant',
    params,
    body: DeviceDecision,
    problems: ['device_not_found', 'too_many_attempts', 'credential_too_short_lived'],
    responses: { 200: DeviceView },
  }),
}

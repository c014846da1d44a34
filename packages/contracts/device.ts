import { z } from 'zod'
import { Timestamp } from './names.ts'
import { PrincipalId } from './run.ts'

/** What a person types: eight consonants, so that it is no word and nothing in it looks like something else. */
export const UserCode = z
  .string()
  .regex(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/, 'must be like BCDF-GHJK')

/** `POST /api/v1/device-authorizations`: a command line or device asks to act for somebody. */
export const DeviceRequest = z.strictObject({
  /** What the person is told who asks, such as a host's name. */
  device: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[\w .@()-]+$/),
})
export type DeviceRequest = z.infer<typeof DeviceRequest>

/** Named as in RFC 8628, section 3.2. */
export const DeviceAuthorization = z.strictObject({
  device_code: z.string(),
  user_code: UserCode,
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  /** Seconds. */
  expires_in: z.int(),
  /** Seconds to wait between two requests for the token. */
  interval: z.int(),
})
export type DeviceAuthorization = z.infer<typeof DeviceAuthorization>

/** `POST /api/v1/device-tokens` */
export const DeviceTokenRequest = z.strictObject({ device_code: z.string().max(200) })
export type DeviceTokenRequest = z.infer<typeof DeviceTokenRequest>

/** Named as in RFC 6749, section 5.1; the token is a session's. */
export const DeviceToken = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds; it ends before when it is not used. */
  expires_in: z.int(),
  principal: PrincipalId,
})
export type DeviceToken = z.infer<typeof DeviceToken>

/** What waits for a person's word. */
export const DeviceView = z.strictObject({
  userCode: UserCode,
  device: z.string(),
  /** Where it asked from, as the server sees it. */
  address: z.string(),
  askedAt: Timestamp,
  expiresAt: Timestamp,
})
export type DeviceView = z.infer<typeof DeviceView>

/** `POST /api/v1/device-authorizations/{userCode}` */
export const DeviceDecision = z.strictObject({ decision: z.enum(['approve', 'deny']) })
export type DeviceDecision = z.infer<typeof DeviceDecision>

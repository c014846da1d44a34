import { z } from 'zod'
import { Timestamp } from '../names.ts'
import { PrincipalId } from '../run.ts'
import { SessionEnd, SignInMethod } from '../sign-in.ts'

/** Who came in, and who was kept out. Never a secret, nor anything that it could be guessed from. */
export const SIGN_IN_ENTRIES = {
  /** On record before the session holds. */
  'session.started': z.strictObject({
    sessionId: z.uuid(),
    principal: PrincipalId,
    method: SignInMethod,
    expiresAt: Timestamp,
  }),
  /** Sessions end by their time without an entry. */
  'session.ended': z.strictObject({
    principal: PrincipalId,
    /** One session; all of the principal when absent. */
    sessionId: z.uuid().exactOptional(),
    reason: SessionEnd,
  }),
  /** Attempts that failed since the last such entry: many of them are one entry, or strangers could fill the log. */
  'sign_in.failed': z.strictObject({ method: SignInMethod, code: z.string().max(100), count: z.int().min(1) }),
  /** Somebody at a provider may sign in as the principal; who, is not for the log. */
  'sign_in.linked': z.strictObject({ principal: PrincipalId, issuer: z.url() }),
  'sign_in.unlinked': z.strictObject({ principal: PrincipalId }),
  /** Tokens are signed with another key. */
  'sign_in.key_rotated': z.strictObject({ key: z.string().max(100), now: z.boolean() }),
} as const satisfies Record<string, z.ZodType>

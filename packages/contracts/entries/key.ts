import { z } from 'zod'
import { KeyView } from '../api-key.ts'
import { Timestamp } from '../names.ts'

const { keyId, principal, name, scopes, expiresAt } = KeyView.shape

/** API keys, on record before they hold or end. Never a secret, nor anything that it could be guessed from. */
export const KEY_ENTRIES = {
  'key.created': z.strictObject({ keyId, principal, name, scopes, expiresAt }),
  /** The secret before is accepted until then; no longer when absent. */
  'key.rotated': z.strictObject({ keyId, principal, expiresAt, oldUntil: Timestamp.exactOptional() }),
  'key.revoked': z.strictObject({
    principal,
    /** One key; all of the principal when absent. */
    keyId: keyId.exactOptional(),
    reason: z.enum(['revoked', 'principal_removed']),
  }),
} as const satisfies Record<string, z.ZodType>

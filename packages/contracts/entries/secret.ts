import { z } from 'zod'
import { Digest, Name, SecretName, Timestamp } from '../names.ts'
import { StepId } from '../plan.ts'
import { LeaseEnd } from '../secret.ts'
import { SecretMode, SecretPlace } from '../secret-use.ts'
import { LeaseUse } from './outcome.ts'

const LEASE = { leaseId: z.uuid(), stepId: StepId, name: SecretName }

/** Secrets, and what is lent of them. */
export const SECRET_ENTRIES = {
  /** Secrets: what may be leased. Never a value, nor anything that it could be guessed from. */
  'secret.put': z.strictObject({
    name: SecretName,
    version: z.int(),
    hosts: z.array(z.string()),
    place: SecretPlace,
    environment: z.boolean(),
    leaseMs: z.int(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'secret.rotated': z.strictObject({
    name: SecretName,
    version: z.int(),
    previous: z.int(),
    /** True when the leases of earlier versions ended at once. */
    now: z.boolean(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'secret.revoked': z.strictObject({ name: SecretName, versions: z.array(z.int()) }),
  'secret.removed': z.strictObject({ name: SecretName }),
  /** A node gets the value for one action; on record before it is sent. */
  'secret.leased': z.strictObject({
    ...LEASE,
    actionDigest: Digest,
    slot: Name,
    version: z.int(),
    hosts: z.array(z.string()),
    mode: SecretMode,
    node: z.string(),
    expiresAt: Timestamp,
  }),
  'secret.used': z.strictObject({
    ...LEASE,
    uses: LeaseUse.shape.uses,
    redactions: LeaseUse.shape.redactions,
  }),
  'lease.ended': z.strictObject({ ...LEASE, reason: LeaseEnd }),
} as const satisfies Record<string, z.ZodType>

import { z } from 'zod'
import { Host, RunId, SecretName, Timestamp } from './names.ts'
import { PrincipalId } from './run.ts'
import { LeaseMs, SecretMode, SecretPlace, SecretVersionNumber } from './secret-use.ts'

const LEASE_MS_DEFAULT = 900_000

/** 8 characters at least: a shorter one is guessed, and can't be told from other text where it has to be hidden. */
const SecretValue = z.string().min(8).max(16_384)

/** `POST /api/v1/secrets` */
export const NewSecret = z.strictObject({
  name: SecretName,
  value: SecretValue,
  hosts: z.array(Host).min(1).max(8),
  place: SecretPlace.default({ in: 'header', name: 'authorization', format: 'Bearer {}' }),
  /** Whether the law may let a skill have it in its environment. */
  environment: z.boolean().default(false),
  leaseMs: LeaseMs.default(LEASE_MS_DEFAULT),
  /** After this time no lease is given out, and those that were given end. */
  expiresAt: Timestamp.exactOptional(),
})
export type NewSecret = z.output<typeof NewSecret>

/** `POST /api/v1/secrets/{name}/rotate` */
export const RotateSecret = z.strictObject({
  value: SecretValue,
  expiresAt: Timestamp.exactOptional(),
  /** Leases of earlier versions end at once instead of with their actions. */
  now: z.boolean().default(false),
})
export type RotateSecret = z.output<typeof RotateSecret>

export const SecretVersionState = z.enum(['current', 'superseded', 'revoked', 'expired'])

export const SecretView = z.strictObject({
  name: SecretName,
  hosts: z.array(Host),
  place: SecretPlace,
  environment: z.boolean(),
  leaseMs: z.int(),
  createdAt: Timestamp,
  createdBy: PrincipalId,
  /** Leases that have not ended. */
  leases: z.int().min(0),
  /** Newest first. */
  versions: z.array(
    z.strictObject({
      version: SecretVersionNumber,
      state: SecretVersionState,
      createdAt: Timestamp,
      expiresAt: Timestamp.exactOptional(),
      /** The key-encryption key that it is under. */
      keyId: z.string(),
    }),
  ),
})
export type SecretView = z.infer<typeof SecretView>

export const LeaseEnd = z.enum(['finished', 'expired', 'revoked', 'lost'])
export type LeaseEnd = z.infer<typeof LeaseEnd>

/** `GET /api/v1/secrets/{name}/uses`: one lease, as the journal tells it. */
export const SecretLeaseView = z.strictObject({
  leaseId: z.uuid(),
  run: RunId.exactOptional(),
  stepId: z.string(),
  actor: PrincipalId,
  version: SecretVersionNumber,
  mode: SecretMode,
  node: z.string(),
  leasedAt: Timestamp,
  expiresAt: Timestamp,
  endedAt: Timestamp.exactOptional(),
  end: LeaseEnd.exactOptional(),
  uses: z.array(z.strictObject({ host: z.string(), requests: z.int().min(1) })),
  /** Times that the value was hidden in an answer, an output or a log. */
  redactions: z.int().min(0),
})
export type SecretLeaseView = z.infer<typeof SecretLeaseView>

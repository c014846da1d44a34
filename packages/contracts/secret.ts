import { z } from 'zod'
import { Host, Name, RunId, Timestamp } from './names.ts'
import { PrincipalId } from './run.ts'

export const SecretName = z
  .string()
  .max(80)
  .regex(/^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/, 'use letters, digits, ".", "_" and "-", starting with a letter')

/** Headers that say where a message goes or where it ends; a secret in one of them could change that. */
const FRAMING =
  /^(host|content-(length|type|encoding|range)|transfer-encoding|connection|upgrade|te|trailer|expect|range|proxy-.*|keep-alive|accept-encoding|:.*)$/

/** Field name (RFC 9110, section 5.1) in lower case. */
const HeaderName = z
  .string()
  .max(80)
  .transform((name) => name.toLowerCase())
  .pipe(
    z
      .string()
      .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'is not the name of a header')
      .refine((name) => !FRAMING.test(name), 'is a header that frames the message'),
  )

/** Where in a request to its host a secret stands. */
export const SecretPlace = z.discriminatedUnion('in', [
  z.strictObject({
    in: z.literal('header'),
    name: HeaderName,
    /** What the header holds, with `{}` in the place of the secret. */
    format: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7a|\x7e]*\{\}[\x20-\x7a|\x7e]*$/, 'must hold {} once, and printable ASCII beside it')
      .default('{}'),
  }),
  /** HTTP Basic authentication (RFC 7617) with the secret as the password. */
  z.strictObject({
    in: z.literal('basic'),
    user: z
      .string()
      .max(200)
      .regex(/^[\x20-\x39\x3b-\x7e]*$/, 'must be printable ASCII without a colon'),
  }),
  z.strictObject({ in: z.literal('query'), name: z.string().min(1).max(80) }),
  /** Anywhere in a body that is JSON, a form or plain text, of 1 MiB at most. */
  z.strictObject({ in: z.literal('body') }),
])
export type SecretPlace = z.infer<typeof SecretPlace>

/** How the sandbox gets a secret: as a placeholder that the node's proxy replaces, or as it is in the environment. */
export const SecretMode = z.enum(['brokered', 'environment'])
export type SecretMode = z.infer<typeof SecretMode>

export const LEASE_MS_MAX = 3_600_000
const LEASE_MS_DEFAULT = 900_000

const SecretVersionNumber = z.int().min(1).max(1_000_000)

/** On which terms an action uses a secret. They are a part of the action, so the proof names them. */
export const SecretUse = z.strictObject({
  /** Under this name the skill knows it. */
  slot: Name,
  name: SecretName,
  version: z.union([z.literal('current'), SecretVersionNumber]),
  /** The only hosts that get it. */
  hosts: z.array(Host).min(1).max(8),
  place: SecretPlace,
  mode: SecretMode,
  /** A lease ends after this time, and with the action. */
  leaseMs: z.int().min(1_000).max(LEASE_MS_MAX),
})
export type SecretUse = z.infer<typeof SecretUse>

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
  leaseMs: z.int().min(1_000).max(LEASE_MS_MAX).default(LEASE_MS_DEFAULT),
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

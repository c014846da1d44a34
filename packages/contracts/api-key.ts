import { z } from 'zod'
import { Timestamp } from './names.ts'
import { Right } from './right.ts'
import { PrincipalId } from './run.ts'

/**
 * What an API key may be allowed to do; a right is none of it until it is named here. The rest is for people, whose signature
 * or presence it needs, for nodes, or would let the key make a way in or out that outlives it: another key, a token, a session, a
 * principal, a webhook.
 */
export const KeyScope = Right.extract([
  'agent.read',
  'constitution.backtest',
  'constitution.read',
  'erasure.preview',
  'erasure.read',
  'journal.follow',
  'journal.prove',
  'journal.read',
  'journal.rotate_key',
  'key.read',
  'key.revoke',
  'limit.read',
  'limit.set',
  'node.drain',
  'node.read',
  'node.resume',
  'payload_key.read',
  'payload_key.rotate',
  'principal.read',
  'retention.read',
  'retention.run',
  'review.read',
  'run.create',
  'run.manage',
  'run.read',
  'run.replay',
  'run.signal',
  'secret.put',
  'secret.read',
  'secret.remove',
  'secret.revoke',
  'secret.rotate',
  'session.administer',
  'session.end',
  'session.read',
  'skill.read',
  'system.read',
  'token.rotate_key',
  'verdict.ask',
  'webhook.read',
])
export type KeyScope = z.infer<typeof KeyScope>

/** What a key is called by people. */
const KeyName = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "_" and "-", starting with a letter or digit')

const ExpiresInDays = z.int().min(1).max(365)

/** An API key as its owner sees it; nothing of it lets anybody in. */
export const KeyView = z.strictObject({
  keyId: z.uuid(),
  name: KeyName,
  /** Whom it acts as. */
  principal: PrincipalId,
  scopes: z.array(KeyScope),
  createdBy: PrincipalId,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  /** To the minute; absent when it was never used. */
  usedAt: Timestamp.exactOptional(),
  rotatedAt: Timestamp.exactOptional(),
  /** Until then the secret before the last rotation is accepted too. */
  oldUntil: Timestamp.exactOptional(),
  revokedAt: Timestamp.exactOptional(),
  state: z.enum(['active', 'expired', 'revoked']),
})
export type KeyView = z.infer<typeof KeyView>

/** `POST /api/v1/keys` */
export const NewKey = z.strictObject({
  name: KeyName,
  /** A service; oneself when absent. */
  principal: PrincipalId.exactOptional(),
  scopes: z.array(KeyScope).min(1).max(KeyScope.options.length),
  expiresInDays: ExpiresInDays.default(90),
})
export type NewKey = z.input<typeof NewKey>

/** The longest that the secret before a rotation is accepted, in seconds. */
export const KEY_OVERLAP_SECONDS_MAX = 86_400

/** `POST /api/v1/keys/{keyId}/rotate` */
export const RotateKey = z.strictObject({
  /** So long the old secret is accepted too, in seconds. */
  overlapSeconds: z.int().min(0).max(KEY_OVERLAP_SECONDS_MAX).default(0),
  /** As many as before when absent. */
  expiresInDays: ExpiresInDays.exactOptional(),
})
export type RotateKey = z.input<typeof RotateKey>

/** What is shown once. */
export const KeyIssued = KeyView.extend({
  /** `azk_` and 256 random bits. */
  key: z.string(),
})
export type KeyIssued = z.infer<typeof KeyIssued>

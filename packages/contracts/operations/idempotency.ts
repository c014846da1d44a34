import { z } from 'zod'
import type { Operation } from './operation.ts'

/** A key as it stands in the header. */
const IdempotencyKey = z.string().min(1).max(200)

/** @param effect what a repeated request does */
export const idempotencyHeaders = (effect: string) =>
  z.looseObject({ 'idempotency-key': IdempotencyKey.optional().describe(effect) })

/** Of operations whose answers the server keeps by key. */
export const KEPT_ANSWER_HEADERS = idempotencyHeaders(
  'A repeated request with the same key gets the first one’s answer, for 24 hours.',
)

/**
 * Whether the server keeps what the operation answers to a request with a key (draft-ietf-httpapi-idempotency-key-header).
 * It does for all that change something by POST, but for those whose keys are in the journal, those of strangers, and
 * SCIM, which has none and refuses what is there already.
 */
export const keepsAnswers = ({
  method,
  permission,
  headers,
  isSafe,
  dialect,
}: Pick<Operation, 'method' | 'permission' | 'headers' | 'isSafe' | 'dialect'>): boolean =>
  method === 'POST' &&
  permission !== 'public' &&
  !isSafe &&
  dialect === undefined &&
  !(headers !== undefined && 'idempotency-key' in headers.shape)

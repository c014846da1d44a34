import { AzoraError } from '@azora/base'

export const unavailable = (keyId: string, cause: unknown): AzoraError =>
  new AzoraError('retry', 'kms_unavailable', `${keyId} did not answer: ${textOf(cause)}`, {
    remedy: 'Check that the key is named rightly, that it may be used, and that its service can be reached.',
    retryAfterMs: 2_000,
    cause,
  })

export const unwrapFailed = (keyId: string, cause: unknown): AzoraError =>
  new AzoraError('conflict', 'key_unwrap_failed', `${keyId} does not open what it is asked to`, {
    remedy: 'Start with the key that was configured when the secret was put, or put it anew.',
    cause,
  })

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

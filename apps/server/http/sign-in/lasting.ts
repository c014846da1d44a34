import { AzoraError } from '@azora/base'
import type { Caller } from '@azora/identity'

/** Throws `credential_too_short_lived`: with what lives for minutes nobody gets what lives for days. */
export function requireLasting(caller: Caller | undefined): void {
  if (caller?.via !== 'access_token') return
  throw new AzoraError(
    'forbidden',
    'credential_too_short_lived',
    'a short-lived token can’t be exchanged for another',
    {
      remedy: 'Use the session or token that it was issued with.',
    },
  )
}

import { AzoraError } from '@azora/base'
import type { Caller } from '@azora/identity'

/** What people come in with themselves. */
const LASTING: ReadonlySet<Caller['via']> = new Set<Caller['via']>(['token', 'session'])

/**
 * Throws `credential_too_short_lived`: with what lives for minutes, or for programs, nobody gets what lives longer or is
 * for people.
 */
export function requireLasting(caller: Caller | undefined): void {
  if (!caller || LASTING.has(caller.via)) return
  throw new AzoraError(
    'forbidden',
    'credential_too_short_lived',
    'neither a short-lived token nor an API key can be exchanged for something else',
    {
      remedy: 'Use your session or token.',
    },
  )
}

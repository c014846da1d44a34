import { AzoraError, type Clock } from '@azora/base'
import { isSignedBy, type SignedStatement } from '@azora/proof'

/** A person with what they sign with. */
export interface Eraser {
  id: string
  tenant: string
  /** Verifier keys (C2SP signed-note `vkey`). */
  keys: readonly string[]
}

/** How far a person's clock may be off. */
const CLOCK_SKEW_MS = 10 * 60_000

/** Throws `signature_invalid` unless the person said this just now. */
export function assertSigned(
  request: SignedStatement<{ by: string; at: string }>,
  person: Eraser,
  clock: Pick<Clock, 'now'>,
): void {
  const { by, at } = request.statement
  if (by !== person.id) throw unsigned(`it is by ${by}, but ${person.id} sent it`)
  if (!isSignedBy(request, person.keys)) throw unsigned(`it is not signed with a key of ${person.id}`)
  if (Math.abs(Date.parse(at) - clock.now()) > CLOCK_SKEW_MS)
    throw unsigned(`it was signed at ${at}, more than ten minutes from the server's time`)
}

const unsigned = (why: string): AzoraError =>
  new AzoraError('forbidden', 'signature_invalid', `the statement is not valid: ${why}`, {
    remedy: 'Use azora audit, which signs; docs/guides/erase-and-retain.md says how to sign otherwise.',
  })

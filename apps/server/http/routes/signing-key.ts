import { AzoraError, type Clock } from '@azora/base'
import { type AddSigningKey, operations, type SessionView } from '@azora/contracts'
import type { Identity } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { isSignedBy } from '@azora/proof'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { sessionOf } from './sessions.ts'

export interface SigningKeyRouteDeps {
  identity: Pick<Identity, 'addKey'>
  journal: Pick<Journal, 'append'>
  clock: Pick<Clock, 'now'>
}

/** So long after signing in a key can be added. */
const FRESH_MS = 10 * 60_000

/** A person who came without a key says with which one they sign: on record before it counts. */
export function signingKeyRoutes(app: App, { identity, journal, clock }: SigningKeyRouteDeps): void {
  serve(app, operations.sessions.addSigningKey, async ({ principal: { id, tenant }, caller, body }) => {
    const session = sessionOf(caller)
    requireFresh(session, clock.now())
    requireHeld(body, { id, tenant, sessionId: session.sessionId })
    const { key } = body
    await identity.addKey(tenant, id, key, () => {
      const payload = { principal: id, key, sessionId: session.sessionId }
      return journal.append({ kind: 'principal.key_added', tenant, actor: id, payload })
    })
    return { principal: id, key }
  })
}

/** What can be done once, and decides what a person has said, takes more than a session that somebody may have found. */
function requireFresh({ startedAt }: SessionView, nowMs: number): void {
  if (nowMs - Date.parse(startedAt) <= FRESH_MS) return
  throw new AzoraError('forbidden', 'sign_in_too_old', `this session began at ${startedAt}`, {
    remedy: 'Sign in again.',
  })
}

/** Throws `signature_invalid` unless whoever asks holds the key, and signed for this session. */
function requireHeld(
  body: AddSigningKey,
  { id, tenant, sessionId }: { id: string; tenant: string; sessionId: string },
) {
  const { statement, key } = body
  const isAbout = statement.principal === id && statement.tenant === tenant && statement.sessionId === sessionId
  const isNamed = key.startsWith(`azora/${id}+`)
  if (isAbout && isNamed && isSignedBy(body, [key])) return
  throw new AzoraError('forbidden', 'signature_invalid', 'it is not signed with the key, for you and this session', {
    remedy: 'Add a key with azora identity add-key, which makes and signs it.',
  })
}

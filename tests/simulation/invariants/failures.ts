import { payloadOf } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'

/** What is nobody's fault in a run: it waits until that has passed. */
const PASSING = new Set(['database_unreachable', 'journal_closed', 'journal_fenced'])

/** No run fails for what keeps the server from working for a while. */
export const createFailureChecks = (): Follower => ({
  take(stored) {
    const code = payloadOf(stored, 'run.failed')?.error.code ?? ''
    must(!PASSING.has(code), 'a run waits for what passes', `${stored.header.run} fails by ${code}`)
  },
})

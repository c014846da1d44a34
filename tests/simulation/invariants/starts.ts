import { must } from './flaw.ts'
import type { Follower } from './log.ts'

/**
 * A run that is to start at a time doesn't start before.
 *
 * @param shownMs the latest time that a server has read off its clock
 */
export const createStartChecks = (shownMs: () => number): Follower => ({
  take({ header: { run = '', kind } }, { runs }) {
    const startAt = runs.get(run)?.spec.startAt
    if (kind !== 'run.started' || startAt === undefined) return
    must(shownMs() >= Date.parse(startAt), 'no time comes early', `${run} starts before ${startAt}`)
  },
})

import { payloadOf } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'

/** Whatever an agent says in a run, its version says that the run is of at that time; a run moves only while it rests. */
export function createMoveChecks(): Follower {
  /** By run. */
  const versions = new Map<string, string>()
  return {
    take(stored, { runs }) {
      const { run = '', kind, actor } = stored.header
      const record = runs.get(run)
      if (!record) return
      const version = versions.get(run) ?? record.spec.agentVersion
      const moved = payloadOf(stored, 'run.migrated')
      if (moved) {
        must(moved.from === version, 'a run moves from where it is', `${run} from ${moved.from}, is at ${version}`)
        const rests = record.state === 'paused' || record.state === 'awaiting_review'
        must(rests, 'a run moves while it rests', `${run} is ${record.state}`)
        versions.set(run, moved.to)
        return
      }
      const speaks = /^agent:.+@(.+)$/.exec(actor)?.[1]
      must(
        kind === 'run.scheduled' || speaks === undefined || speaks === version,
        'an agent speaks as the version that the run is of',
        `${run} ${kind} by ${actor}, is at ${version}`,
      )
    },
  }
}

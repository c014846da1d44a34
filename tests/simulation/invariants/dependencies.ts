import { isTerminal } from '@azora/contracts'
import { payloadOf } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, LogRecord, RunRecord } from './log.ts'

export interface DependencyChecks extends Follower {
  /** True for a run that starts after others of which it isn't known how they end. */
  waits(record: RunRecord, log: LogRecord): boolean
}

/** A run starts when those that it names have ended as it asks, and what it is told of them is true. */
export function createDependencyChecks(): DependencyChecks {
  const settled = new Set<string>()
  return {
    take(stored, { runs }) {
      const { run = '', kind } = stored.header
      const after = runs.get(run)?.spec.after
      if (kind === 'run.started' && after)
        for (const one of after) {
          const state = runs.get(one.run)?.state ?? 'scheduled'
          const isOver = one.when === 'success' ? state === 'success' : isTerminal(state)
          must(isOver, 'a run starts after those that it names', `${run} after ${one.run}, which is ${state}`)
        }
      const told = payloadOf(stored, 'dependencies.settled')
      if (!told) return
      must(!settled.has(run), 'dependencies are settled once', run)
      settled.add(run)
      for (const { run: other, state } of told.ended)
        must(
          runs.get(other)?.state === state && isTerminal(state),
          'what is said of other runs is true',
          `${run} ${other}`,
        )
    },
    waits: ({ state, spec }, { runs }) =>
      state === 'scheduled' && (spec.after ?? []).some(({ run }) => !isTerminal(runs.get(run)?.state ?? 'scheduled')),
  }
}

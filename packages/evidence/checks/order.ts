import { isTerminal, mayFollow, type ProvenEntry, type RunState } from '@azora/contracts'
import type { Flaw } from '../flaw.ts'

/** Every entry of the run has to be there, from the first on, in the order and at the times of the log. */
export function flawInOrder(runId: string, entries: readonly ProvenEntry[]): Flaw {
  let [lastIndex, lastAt] = [-1, '']
  for (const [place, { entry }] of entries.entries()) {
    const { index, run, runIndex, kind, at } = entry.header
    if (run !== runId) return `entry ${index} belongs to another run`
    if (runIndex === undefined) return `entry ${index} has no place in the run: it began before places were given`
    if (runIndex > place)
      return `entry ${place} of the run is missing: entry ${index} of the log is its entry ${runIndex}`
    if (runIndex < place) return `entry ${index} is doubled or out of order: it is entry ${runIndex} of the run`
    if (index <= lastIndex) return `entry ${index} is out of order`
    if (at < lastAt) return `entry ${index} is older than the one before it`
    if ((place === 0) !== (kind === 'run.scheduled'))
      return `entry ${index} is ${kind}: a run begins with run.scheduled, once`
    lastIndex = index
    lastAt = at
  }
  return undefined
}

/** The run has to go from state to state as the lifecycle says, until it ends. */
export function flawInLifecycle(entries: readonly ProvenEntry[]): Flaw {
  let state: RunState | undefined
  for (const { entry } of entries) {
    const { transition, index } = entry.header
    if (!transition) continue
    if (transition.from !== state) return `entry ${index} leaves ${transition.from}, but the run was ${state}`
    if (state === undefined ? transition.to !== 'scheduled' : !mayFollow(state, transition.to))
      return `entry ${index} goes from ${state} to ${transition.to}`
    state = transition.to
  }
  return state && isTerminal(state) ? undefined : `the run has not ended: it is ${state}`
}

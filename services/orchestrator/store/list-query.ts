import type { RunState } from '@azora/contracts'
import { type ListFilter, pageQuery } from './page-query.ts'

export interface RunFilter extends ListFilter<string> {
  state?: RunState | undefined
}

/** One page of the runs. Ids are UUIDs of version 7, so their order is that of creation and a time is a bound on them. */
export const listQuery = (filter: RunFilter): { text: string; values: unknown[] } =>
  pageQuery('id, spec, state, started_at, finished_at, error from orchestrator.run', 'id', filter, [
    ['tenant = $', filter.tenant],
    ['state = $', filter.state],
    ['agent_id = $', filter.agentId],
    ['id >= $', filter.since && firstIdAt(filter.since)],
    ['id < $', filter.until && firstIdAt(filter.until)],
  ])

/** The least UUID of version 7 that a time may have (RFC 9562, section 5.7). */
function firstIdAt(time: string): string {
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

import type { RunState } from '@azora/contracts'

export interface RunFilter {
  tenant: string
  state?: RunState | undefined
  agentId?: string | undefined
  /** Created then or later. */
  since?: string | undefined
  /** Created before. */
  until?: string | undefined
  /** By creation; newest first when absent. */
  order?: 'newest' | 'oldest' | undefined
  /** Only what comes behind this run. */
  after?: string | undefined
  limit: number
}

/**
 * One page of the list. Only the conditions that are given are in it, so that an index answers them; ids are UUIDs of version 7,
 * so their order is that of creation and a time is a bound on them.
 */
export function listQuery(filter: RunFilter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const conditions: string[] = []
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return
    values.push(value)
    conditions.push(`${condition} $${values.length}`)
  }
  const oldest = filter.order === 'oldest'
  where('tenant =', filter.tenant)
  where('state =', filter.state)
  where('agent_id =', filter.agentId)
  where('id >=', filter.since && firstIdAt(filter.since))
  where('id <', filter.until && firstIdAt(filter.until))
  where(oldest ? 'id >' : 'id <', filter.after)
  values.push(filter.limit)
  return {
    text: `select id, spec, state, started_at, finished_at, error from orchestrator.run
      where ${conditions.join(' and ')} order by id ${oldest ? 'asc' : 'desc'} limit $${values.length}`,
    values,
  }
}

/** The least UUID of version 7 that a time may have (RFC 9562, section 5.7). */
function firstIdAt(time: string): string {
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

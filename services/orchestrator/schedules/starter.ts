import { AzoraError, type Clock, toAzoraError } from '@azora/base'
import type { Schedule } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '../orchestrator.ts'

export interface StarterDeps {
  journal: Pick<Journal, 'append' | 'states'>
  runs: Pick<Orchestrator, 'create'>
  /** True while who made the schedule exists and may start such runs. */
  mayStart(schedule: Pick<Schedule, 'tenant' | 'owner' | 'agentId'>): Promise<boolean>
  clock: Pick<Clock, 'now'>
}

/** A run that is due, by the decision on record. */
export interface DueRun {
  runId: string
  at: string
}

/**
 * Starts a run that is due, once: its id is on record before. When it resolves, the run is on record, or that it was refused;
 * it may be called again for the same run, and rejects when neither could be written.
 *
 * @returns true when the run is on record
 */
export async function startDue(deps: StarterDeps, schedule: Schedule, due: DueRun): Promise<boolean> {
  const exists = async (): Promise<boolean> => (await deps.journal.states([due.runId])).has(due.runId)
  if (await exists()) return true
  try {
    await create(deps, schedule, due)
    return true
  } catch (thrown) {
    // An answer that was lost says nothing: the log does.
    if (await exists()) return true
    await refuse(deps, schedule, due, toAzoraError(thrown))
    return false
  }
}

async function create({ runs, mayStart, clock }: StarterDeps, schedule: Schedule, due: DueRun): Promise<void> {
  const { scheduleId, name, tenant, owner, deadlineSeconds } = schedule
  if (!(await mayStart(schedule)))
    throw new AzoraError('forbidden', 'forbidden', `${owner}, who made the schedule, may not start runs any more`)
  const { agentId, agentVersion, input, scope, priority, budget, shard } = schedule
  await runs.create(
    { id: owner, tenant },
    {
      ...{ agentId, agentVersion, input, scope, priority, budget },
      ...(shard !== undefined && { shard }),
      ...(deadlineSeconds !== undefined && {
        deadline: new Date(clock.now() + deadlineSeconds * 1_000).toISOString(),
      }),
      runId: due.runId,
      schedule: { scheduleId, name, at: due.at },
    },
  )
}

async function refuse({ journal }: StarterDeps, schedule: Schedule, due: DueRun, why: AzoraError): Promise<void> {
  const { scheduleId, name, tenant } = schedule
  await journal.append({
    kind: 'schedule.refused',
    tenant,
    actor: SCHEDULER,
    payload: { scheduleId, name, at: due.at, runId: due.runId, error: { code: why.code, message: why.message } },
    key: `schedule-refused:${due.runId}`,
  })
}

/** Who decides by the clock. */
export const SCHEDULER = 'system:scheduler'

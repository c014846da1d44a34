import { type Clock, timestamp, uuidv7 } from '@azora/base'
import type { Budget, Dependency, ForkOf, JsonObject, Plan, RunSpec, Scope, TakenOver } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Door } from '../admission/door.ts'

/** Who asks. */
export interface Caller {
  id: string
  tenant: string
}

export interface NewRun {
  agentId: string
  agentVersion: string
  input: JsonObject
  scope: Scope
  priority: number
  budget: Budget
  deadline?: string | undefined
  startAt?: string | undefined
  after?: Dependency[]
  shard?: string
  plan?: Plan
  retryOf?: string
  parent?: RunSpec['parent']
  forkOf?: ForkOf
  takenOver?: TakenOver
  schedule?: RunSpec['schedule']
  /** The id that it gets; a second run with it is refused (`illegal_transition`). */
  runId?: string
}

export interface ScheduleDeps {
  journal: Pick<Journal, 'append'>
  clock: Pick<Clock, 'now'>
  door: Pick<Door, 'admit'>
}

/**
 * Journals a new run; it is durable when this resolves.
 *
 * @param idempotencyKey under which no second run is made; then `duplicate` says that it is the first one's
 * @throws AzoraError what {@link Door.admit} throws
 */
export async function scheduleRun(
  { journal, clock, door }: ScheduleDeps,
  caller: Caller,
  run: NewRun,
  idempotencyKey?: string,
): Promise<{ runId: string; duplicate: boolean }> {
  const spec = specOf(caller, run, clock.now())
  const accept = () =>
    journal.append({
      kind: 'run.scheduled',
      tenant: caller.tenant,
      actor: caller.id,
      run: spec.runId,
      transition: { to: 'scheduled' },
      payload: {
        spec,
        ...(idempotencyKey && { idempotencyKey }),
        ...(run.takenOver && { takenOver: run.takenOver }),
      },
      ...(idempotencyKey && { key: keyOf(caller, idempotencyKey) }),
    })
  const { header, duplicate } = await door.admit(caller.tenant, accept, run.parent !== undefined)
  return { runId: header.run ?? spec.runId, duplicate }
}

/** What the journal keeps to one run. */
export const keyOf = ({ tenant }: Caller, idempotencyKey: string): string => `request:${tenant}:${idempotencyKey}`

export function specOf(caller: Caller, run: NewRun, nowMs: number): RunSpec {
  const { deadline, startAt, plan, retryOf, schedule, parent, takenOver: _taken, runId, ...rest } = run
  return {
    ...rest,
    runId: runId ?? uuidv7(nowMs),
    tenant: caller.tenant,
    owner: caller.id,
    createdAt: timestamp(nowMs),
    ...(deadline && { deadline }),
    ...(startAt && { startAt }),
    ...(plan && { plan }),
    ...(retryOf && { retryOf }),
    ...(schedule && { schedule }),
    ...(parent && { parent }),
  }
}

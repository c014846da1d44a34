import { AzoraError } from '@azora/base'
import { type Entry, isErased, type RunAccepted, type RunSpec } from '@azora/contracts'
import type { TenantKeys } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { type Caller, keyOf, type NewRun, type ScheduleDeps, scheduleRun, specOf } from './schedule.ts'

export interface RequestDeps extends ScheduleDeps {
  journal: ScheduleDeps['journal'] & TenantKeys
}

/** What somebody asks for that makes a run. */
export interface RunRequest {
  /** The run as it would be made now. Throws where it can't be. */
  make(): NewRun | Promise<NewRun>
  /** Whether a run of the caller was made by this request: what the caller left open may have become anything. */
  made(spec: RunSpec): boolean
}

/**
 * Journals the run that is asked for; it is durable when this resolves. A second request with the same key gets the first one's
 * run, also where it could not be made any more.
 *
 * @throws AzoraError `idempotency_key_reused` when the key was used for another request, what {@link RunRequest.make} and
 * {@link scheduleRun} throw
 */
export async function requestRun(
  deps: RequestDeps,
  caller: Caller,
  request: RunRequest,
  idempotencyKey?: string,
): Promise<RunAccepted> {
  const first = async (key: string) =>
    (await deps.journal.within(caller.tenant).keyed(keyOf(caller, key))) as Entry<'run.scheduled'> | undefined
  try {
    const { runId, duplicate } = await scheduleRun(deps, caller, await request.make(), idempotencyKey)
    if (!duplicate) return { runId, state: 'scheduled' }
  } catch (thrown) {
    const before = idempotencyKey && (await first(idempotencyKey))
    if (!before) throw thrown
    return answer(before, caller, request)
  }
  return answer(await first(idempotencyKey ?? ''), caller, request)
}

function answer(first: Entry<'run.scheduled'> | undefined, caller: Caller, { made }: RunRequest): RunAccepted {
  if (first && isErased(first as Entry)) throw reused('the request that used this Idempotency-Key was erased')
  const { spec } = first?.payload ?? {}
  if (spec && spec.owner === caller.id && made(spec)) return { runId: spec.runId, state: 'scheduled' }
  throw reused('this Idempotency-Key was used for another request')
}

/** Whether a run is what a caller described, the version of the agent as far as it was named. */
export const isAsDescribed =
  (caller: Caller, { agentVersion, ...run }: Omit<NewRun, 'agentVersion'> & { agentVersion?: string | undefined }) =>
  (spec: RunSpec): boolean =>
    digestOf(essence(spec)) ===
    digestOf(essence(specOf(caller, { ...run, agentVersion: agentVersion ?? spec.agentVersion }, 0)))

function essence(spec: RunSpec) {
  const { runId: _runId, createdAt: _createdAt, ...rest } = spec
  return rest
}

const reused = (why: string): AzoraError =>
  new AzoraError('conflict', 'idempotency_key_reused', why, { remedy: 'Use a new key for a new request.' })

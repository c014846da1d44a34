import { AzoraError, type Clock, timestamp, uuidv7 } from '@azora/base'
import {
  type Budget,
  type Dependency,
  type ForkOf,
  isErased,
  type JsonObject,
  type Plan,
  type RunAccepted,
  type RunSpec,
  type Scope,
  type TakenOver,
} from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import { digestOf } from '@azora/proof'
import type { Door } from './admission/door.ts'

/** Who asks. */
export interface Caller {
  id: string
  tenant: string
}

export interface NewRun {
  agentId: string
  agentVersion: string
  /** Nobody named that version: when the request is sent again, another one may be the newest. */
  anyVersion?: boolean
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

/**
 * Journals a new run; it is durable when this resolves.
 *
 * @param idempotencyKey a second request with the same key gets the first one's run
 * @throws AzoraError `idempotency_key_reused` when the key was used for another request; what {@link Door.admit} throws
 */
export async function scheduleRun(
  deps: { journal: Pick<Journal, 'append'> & TenantRuns; clock: Clock; door: Pick<Door, 'admit'> },
  caller: Caller,
  run: NewRun,
  idempotencyKey?: string,
): Promise<RunAccepted> {
  const now = deps.clock.now()
  const { deadline, startAt, plan, retryOf, schedule, parent, takenOver, runId: givenId, anyVersion, ...rest } = run
  const spec: RunSpec = {
    ...rest,
    runId: givenId ?? uuidv7(now),
    tenant: caller.tenant,
    owner: caller.id,
    createdAt: timestamp(now),
    ...(deadline && { deadline }),
    ...(startAt && { startAt }),
    ...(plan && { plan }),
    ...(retryOf && { retryOf }),
    ...(schedule && { schedule }),
    ...(parent && { parent }),
  }
  const accept = () =>
    deps.journal.append({
      kind: 'run.scheduled',
      tenant: caller.tenant,
      actor: caller.id,
      run: spec.runId,
      transition: { to: 'scheduled' },
      payload: { spec, ...(idempotencyKey && { idempotencyKey }), ...(takenOver && { takenOver }) },
      ...(idempotencyKey && { key: `request:${caller.tenant}:${idempotencyKey}` }),
    })
  const committed = await deps.door.admit(caller.tenant, accept, parent !== undefined)
  const runId = committed.header.run ?? spec.runId
  if (committed.duplicate) await assertSameRequest(deps.journal, runId, spec, anyVersion)
  return { runId, state: 'scheduled' }
}

async function assertSameRequest(journal: TenantRuns, runId: string, spec: RunSpec, anyVersion = false): Promise<void> {
  const [first] = await journal.within(spec.tenant).readRun(runId)
  if (first && isErased(first))
    throw new AzoraError(
      'conflict',
      'idempotency_key_reused',
      'the request that used this Idempotency-Key was erased',
      {
        remedy: 'Use a new key for a new request.',
      },
    )
  const earlier = first?.header.kind === 'run.scheduled' && 'spec' in first.payload ? first.payload.spec : undefined
  const known = earlier && anyVersion ? { ...earlier, agentVersion: spec.agentVersion } : earlier
  if (known && sameRequest(known, spec)) return
  throw new AzoraError('conflict', 'idempotency_key_reused', 'this Idempotency-Key was used for another request', {
    remedy: 'Use a new key for a new request.',
  })
}

const sameRequest = (a: RunSpec, b: RunSpec): boolean => digestOf(essence(a)) === digestOf(essence(b))

function essence(spec: RunSpec) {
  const { runId: _runId, createdAt: _createdAt, ...rest } = spec
  return rest
}

import { AzoraError, type Clock } from '@azora/base'
import type { RunAccepted, RunSpec } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import type { Door } from '../admission/door.ts'
import { readRun } from '../control.ts'
import { type Caller, type NewRun, scheduleRun } from '../schedule.ts'
import { type Fork, type ForkDeps, forkedRun, restartedRun } from './fork.ts'
import { type AskAgain, type MigrateDeps, type Migration, migrateRun } from './migrate.ts'

export interface ForkingDeps extends ForkDeps, MigrateDeps {
  journal: Pick<Journal, 'append'> & TenantRuns
  registry: ForkDeps['registry']
  clock: Clock
  door: Pick<Door, 'admit'>
}

/** New runs from runs that there are, and runs that move to another version. What it makes is durable when it resolves. */
export interface Forking {
  /** A new run with what one that has ended was asked. Throws `run_not_ended`, `run_erased`, `agent_not_found`. */
  retry(caller: Caller, runId: string, idempotencyKey?: string): Promise<RunAccepted>
  /** A new run that takes over what the other one did before a step. Throws what {@link forkedRun} throws. */
  fork(caller: Caller, runId: string, fork: Fork, idempotencyKey?: string): Promise<RunAccepted>
  /** The same for a run that has ended, from where it broke off. Throws what {@link restartedRun} throws. */
  restart(caller: Caller, runId: string, from?: string, idempotencyKey?: string): Promise<RunAccepted>
  /** Moves a run to another version of its agent. Throws what {@link migrateRun} throws. */
  migrate(caller: Caller, runId: string, to: Migration, askAgain: AskAgain): Promise<RunAccepted>
}

export function createForking(deps: ForkingDeps): Forking {
  return {
    async retry(caller, runId, idempotencyKey) {
      const { spec, finishedAt, state, specErased } = await readRun(deps.journal, caller, runId)
      if (specErased)
        throw new AzoraError('conflict', 'run_erased', `what run ${runId} was asked was erased`, {
          remedy: 'Start a new run: azora run start',
        })
      if (!finishedAt)
        throw new AzoraError(
          'conflict',
          'run_not_ended',
          `run ${runId} is ${state}; only a run that has ended can be retried`,
        )
      // What is offered no more may not begin again.
      if (!spec.plan) deps.registry.agent(spec.agentId, spec.agentVersion)
      return scheduleRun(deps, caller, againOf(spec), idempotencyKey)
    },
    async fork(caller, runId, fork, idempotencyKey) {
      return scheduleRun(deps, caller, await forkedRun(deps, caller, runId, fork), idempotencyKey)
    },
    async restart(caller, runId, from, idempotencyKey) {
      return scheduleRun(deps, caller, await restartedRun(deps, caller, runId, from), idempotencyKey)
    },
    migrate: (caller, runId, to, askAgain) => migrateRun(deps, askAgain, caller, runId, to),
  }
}

/** A new run with what another one was asked; its times are its own. */
function againOf(spec: RunSpec): NewRun {
  const {
    runId: retryOf,
    tenant: _t,
    owner: _o,
    createdAt: _c,
    deadline: _d,
    startAt: _s,
    after: _a,
    parent: _p,
    schedule: _by,
    forkOf: _f,
    plan,
    ...rest
  } = spec
  return { ...rest, retryOf, ...(plan && { plan }) }
}

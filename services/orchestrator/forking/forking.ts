import { AzoraError } from '@azora/base'
import type { RunAccepted, RunSpec } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { readRun } from '../commands/control.ts'
import { type RequestDeps, requestRun } from '../commands/request.ts'
import type { Caller, NewRun } from '../commands/schedule.ts'
import { type Fork, type ForkDeps, forkedRun, restartedRun } from './fork.ts'
import { type AskAgain, type MigrateDeps, type Migration, migrateRun } from './migrate.ts'

export interface ForkingDeps extends ForkDeps, MigrateDeps, RequestDeps {
  journal: Pick<Journal, 'append' | 'within'>
  registry: ForkDeps['registry']
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
    retry(caller, runId, idempotencyKey) {
      const make = () => retriedRun(deps, caller, runId)
      return requestRun(deps, caller, { make, made: ({ retryOf }) => retryOf === runId }, idempotencyKey)
    },
    fork(caller, runId, fork, idempotencyKey) {
      const make = () => forkedRun(deps, caller, runId, fork)
      return requestRun(deps, caller, { make, made: isFork(runId, fork) }, idempotencyKey)
    },
    restart(caller, runId, from, idempotencyKey) {
      const make = () => restartedRun(deps, caller, runId, from)
      return requestRun(deps, caller, { make, made: isRestart(runId, from) }, idempotencyKey)
    },
    migrate: (caller, runId, to, askAgain) => migrateRun(deps, askAgain, caller, runId, to),
  }
}

const isFork =
  (run: string, { from: step, input, agentVersion }: Fork) =>
  ({ forkOf, agentVersion: version }: RunSpec): boolean =>
    forkOf?.run === run &&
    forkOf.step === step &&
    digestOf(forkOf.input ?? null) === digestOf(input ?? null) &&
    (agentVersion ?? version) === version

const isRestart =
  (run: string, step?: string) =>
  ({ forkOf }: RunSpec): boolean =>
    forkOf?.run === run && (step ?? forkOf.step) === forkOf.step && forkOf.input === undefined

async function retriedRun(
  { journal, registry }: Pick<ForkingDeps, 'journal' | 'registry'>,
  caller: Caller,
  runId: string,
): Promise<NewRun> {
  const { spec, finishedAt, state, specErased } = await readRun(journal, caller, runId)
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
  if (!spec.plan) registry.agent(spec.agentId, spec.agentVersion)
  return againOf(spec)
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

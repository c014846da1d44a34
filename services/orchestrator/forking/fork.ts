import { AzoraError } from '@azora/base'
import { FORK_DEPTH_MAX, type JsonObject } from '@azora/contracts'
import type { TenantRuns } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { readEntries } from '../commands/control.ts'
import type { Caller, NewRun } from '../commands/schedule.ts'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { hasEnded, stateOf } from '../fold/step-state.ts'
import { erased, takeOver } from './take-over.ts'
import { asTaken, historyOf } from './taken.ts'

export interface ForkDeps {
  journal: TenantRuns
  registry: Pick<Registry, 'agent' | 'skill' | 'checkAgentInput' | 'checkSkillInput'>
}

/** From where a run is forked, and what is different in the new one. */
export interface Fork {
  /** Absent: behind everything that has ended. */
  from?: string
  input?: JsonObject
  agentVersion?: string
}

/**
 * The new run that goes on from a step of another one.
 *
 * @throws AzoraError `run_not_found`, `run_erased`, `step_not_found`, `step_compensated`, `fork_too_deep`,
 * `run_without_agent`, `agent_not_found`, `invalid_input`
 */
export async function forkedRun(deps: ForkDeps, caller: Caller, runId: string, fork: Fork): Promise<NewRun> {
  const { fold, history } = await readSource(deps, caller, runId)
  return forkFrom(deps, fold, history, fork)
}

/**
 * The new run that goes on where a run that has ended broke off: at the first step of its last plan that didn't succeed, or
 * else behind that plan.
 *
 * @throws AzoraError `run_not_ended`, `nothing_failed`, and what {@link forkedRun} throws
 */
export async function restartedRun(deps: ForkDeps, caller: Caller, runId: string, from?: string): Promise<NewRun> {
  const { fold, history } = await readSource(deps, caller, runId)
  if (!fold.finishedAt)
    throw new AzoraError(
      'conflict',
      'run_not_ended',
      `run ${runId} is ${fold.state}; only a run that has ended can be restarted`,
      { remedy: `Fork it: azora run fork ${runId} --from STEP` },
    )
  const step = from ?? brokeOffAt(fold, history)
  if (step === undefined && fold.state === 'success')
    throw new AzoraError('conflict', 'nothing_failed', `every step of the last plan of run ${runId} succeeded`, {
      remedy: `Name a step: azora run restart ${runId} --from STEP`,
    })
  return forkFrom(deps, fold, history, step === undefined ? {} : { from: step })
}

async function readSource({ journal }: ForkDeps, caller: Caller, runId: string) {
  const entries = await readEntries(journal, caller, runId)
  const fold = foldRun(entries)
  if (!fold) throw new TypeError(`run ${runId} does not begin with what it was asked`)
  if (fold.specErased) throw erased(fold)
  return { fold, history: historyOf(entries) }
}

function brokeOffAt(fold: RunFold, history: ReturnType<typeof historyOf>): string | undefined {
  const plan = history.findLast(({ header }) => header.kind === 'plan.proposed')
  const proposed = plan?.payload && 'plan' in plan.payload ? plan.payload.plan.steps.map(({ id }) => id) : undefined
  const steps = proposed ?? [...fold.steps.keys()]
  return steps.find((id) => {
    const step = fold.steps.get(id)
    return step !== undefined && (!hasEnded(step) || stateOf(step) !== 'succeeded')
  })
}

function forkFrom(
  { registry }: ForkDeps,
  fold: RunFold,
  history: ReturnType<typeof historyOf>,
  { from, input, agentVersion }: Fork,
): NewRun {
  const { spec } = fold
  const step = from === undefined ? undefined : fold.steps.get(from)
  if (from !== undefined && (!step || step.compensates !== undefined)) throw noStep(spec.runId, from)
  const depth = (spec.forkOf?.depth ?? 0) + 1
  if (depth > FORK_DEPTH_MAX)
    throw new AzoraError('conflict', 'fork_too_deep', `run ${spec.runId} is ${FORK_DEPTH_MAX} forks deep already`)
  if (input && step) registry.checkSkillInput(registry.skill(step.step.skill, step.step.version), input)
  const entries = takeOver(fold, history, from)
  const { agentId, scope, priority, budget, shard, plan } = spec
  return {
    ...{ agentId, input: spec.input, scope, priority, budget },
    agentVersion: versionOf(registry, fold, agentVersion),
    ...(shard && { shard }),
    ...(plan && { plan }),
    forkOf: { run: spec.runId, depth, ...(from !== undefined && { step: from }), ...(input && { input }) },
    takenOver: { index: fold.lastIndex, entries: asTaken(entries) },
  }
}

function versionOf(registry: ForkDeps['registry'], { spec }: RunFold, wanted: string | undefined): string {
  if (spec.plan) {
    if (wanted === undefined) return spec.agentVersion
    throw new AzoraError('conflict', 'run_without_agent', `run ${spec.runId} performs a plan without an agent`)
  }
  const agent = registry.agent(spec.agentId, wanted ?? spec.agentVersion)
  registry.checkAgentInput(agent, spec.input)
  return agent.version
}

const noStep = (runId: string, stepId: string): AzoraError =>
  new AzoraError('missing', 'step_not_found', `run ${runId} has proposed no step ${stepId}`, {
    remedy: `See its steps: azora run show ${runId}`,
  })

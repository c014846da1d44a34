import { AzoraError } from '@azora/base'
import type { Budget, FromAgent, Json, Observation, Plan } from '@azora/contracts'
import type { Draft } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { actionsOfChildren } from '../children/child.ts'
import { proposesPlan, type RunFold } from '../fold/run-fold.ts'
import { errorOf, observe, stateOf } from '../fold/step-state.ts'
import { checkPlan } from '../judging/plan-check.ts'
import type { AgentHost, Gate, ReasonRequest } from '../ports.ts'
import { planRequestOf } from './plan-request.ts'

export interface TurnDeps extends AnswerDeps {
  agents: AgentHost
}

/** What makes an entry of an agent's answer. */
export interface AnswerDeps {
  registry: Pick<Registry, 'agent' | 'skill'>
  gate: Pick<Gate, 'verifyPlan'>
}

export type AgentAnswer = Extract<FromAgent, { type: 'plan' | 'done' }>

/** What the log keeps of a turn. */
export type Said = Pick<Draft<'agent.recognized' | 'plan.proposed' | 'agent.concluded'>, 'kind' | 'payload'>

/** Asks the agent what it recognizes in the input. */
export async function recognize(deps: TurnDeps, fold: RunFold): Promise<Said> {
  const { runId, input } = fold.spec
  const pattern = await deps.agents.recognize(processOf(deps, fold), { runId, input })
  return { kind: 'agent.recognized', payload: { pattern } }
}

/** Asks the agent for its next plan or its conclusion. A run without an agent is concluded from its steps. */
export async function reason(deps: TurnDeps, fold: RunFold, turn: number): Promise<Said> {
  if (fold.spec.plan) return proposesPlan(fold) ? proposed(deps, fold, fold.spec.plan) : concluded(fold, turn)
  return saidOf(deps, fold, turn, await deps.agents.reason(processOf(deps, fold), questionOf(fold, turn)))
}

/** Everything that an agent may answer from in a turn. */
export function questionOf({ spec, pattern, steps }: RunFold, turn: number): ReasonRequest {
  const { runId, input } = spec
  const observations = [...steps.values()].flatMap((step): Observation[] => {
    const seen = observe(step)
    return seen ? [seen] : []
  })
  return { runId, input, pattern: pattern ?? null, turn, observations }
}

/**
 * What an agent's answer comes to.
 *
 * @throws AzoraError `actions_exceeded`, `plan_invalid`
 */
export function saidOf({ registry, gate }: AnswerDeps, fold: RunFold, turn: number, answer: AgentAnswer): Said {
  if (answer.type === 'plan') {
    const { plan, note } = answer
    assertWithin(fold.spec.budget, plan, fold.steps.size + actionsOfChildren(fold))
    checkPlan(plan, new Set(fold.steps.keys()))
    const result = gate.verifyPlan(planRequestOf(registry, fold.spec, plan))
    return { kind: 'plan.proposed', payload: { turn, plan, result, ...(note !== undefined && { note }) } }
  }
  const { goal, outputs, summary } = answer
  return { kind: 'agent.concluded', payload: { turn, goal, outputs, ...(summary !== undefined && { summary }) } }
}

/** Throws `actions_exceeded` when a plan holds more actions than are left. */
export function assertWithin({ actions }: Budget, { steps }: Plan, before = 0): void {
  if (before + steps.length > actions)
    throw new AzoraError('fix', 'actions_exceeded', `more than ${actions} actions were proposed`)
}

/** The plan of a run without an agent, judged as a whole as an agent's is. */
const proposed = (deps: AnswerDeps, fold: RunFold, plan: Plan): Said =>
  saidOf(deps, fold, 0, { type: 'plan', id: '', plan })

/** The conclusion of a run without an agent. */
export const concluded = (fold: RunFold, turn: number): Said => ({
  kind: 'agent.concluded',
  payload: { turn, ...concludeSteps(fold) },
})

function processOf({ registry }: TurnDeps, { spec }: RunFold) {
  const { agentId, version, entrypoint, codeDigest } = registry.agent(spec.agentId, spec.agentVersion)
  return { agentId, version, entrypoint, codeDigest, tenant: spec.tenant }
}

function concludeSteps(fold: RunFold): { goal: 'reached' | 'missed'; outputs: Json; summary?: string } {
  const steps = [...fold.steps.values()]
  const outputs = Object.fromEntries(steps.map((step) => [step.step.id, step.outcome?.output ?? null]))
  const missed = steps.find((step) => stateOf(step) !== 'succeeded')
  if (!missed) return { goal: 'reached', outputs }
  return { goal: 'missed', outputs, summary: errorOf(missed)?.message ?? `step ${missed.step.id} did not succeed` }
}

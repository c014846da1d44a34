import { AzoraError } from '@azora/base'
import { type JsonObject, Plan } from '@azora/contracts'
import type { AgentHost, Gate, ReplayAgents } from '@azora/orchestrator'
import { CONSTITUTION } from './evidence.ts'
import { SCRIPTED } from './world.ts'

/** Judges actions, plans and outputs by the `verdict`, or `plan`, that their input asks for; allows what asks for none. */
export const GATE: Gate = {
  digest: CONSTITUTION,
  verify: ({ action }) => {
    const result = judge(action.input.verdict)
    return result.verdict === 'review'
      ? { ...result, review: { ...TERMS, quorum: Number(action.input.quorum ?? 1) } }
      : result
  },
  verifyOutput: ({ outputs }) =>
    judge(outputs !== null && typeof outputs === 'object' && !Array.isArray(outputs) ? outputs.verdict : undefined),
  verifyPlan: ({ steps }) => judge(steps[0]?.step.input.plan),
  mayDecide: ({ decider, requesters }) => ({ allowed: !requesters.includes(decider.id), reasons: [] }),
  inspect: () => ({ taints: [], reasons: [] }),
}

/** Minutes and counts that a test can wait for with a clock of its own. */
const TERMS = { expiresMinutes: 60, useWithinMinutes: 30, batchMax: 3 }

function judge(wanted: unknown): ReturnType<Gate['verify']> {
  const verdict = wanted === 'deny' || wanted === 'review' ? wanted : 'allow'
  const reasons =
    verdict === 'allow'
      ? []
      : [{ article: '1', rule: 'test', severity: 'HIGH' as const, message: `the test says ${verdict}` }]
  return { verdict, score: verdict === 'allow' ? 100 : 50, reasons, constitution: CONSTITUTION }
}

/** The scripted agent: a pure function of what it is asked. */
export const AGENTS: AgentHost = {
  recognize: async (_, { input }) => ({ turns: plansOf(input).length }),
  async reason(_, { input, turn, observations }) {
    if (input.broken === true) throw new AzoraError('fix', 'agent_failed', 'the agent is broken')
    const plan = plansOf(input)[turn]
    if (plan) return { type: 'plan', id: '1', plan: Plan.parse(plan) }
    const goal = input.goal === 'missed' ? 'missed' : 'reached'
    return { type: 'done', id: '1', goal, outputs: input.outputs ?? JSON.parse(JSON.stringify(observations)) }
  },
}

export const OWN_AGENTS: ReplayAgents = {
  codeDigest: async () => SCRIPTED.codeDigest,
  open: async () => ({ ...AGENTS, close: async () => {} }),
}

const plansOf = (input: JsonObject): unknown[] => (Array.isArray(input.plans) ? input.plans : [])

import type { JsonObject } from '@azora/contracts'
import { Plan } from '@azora/contracts'
import type { AgentHost } from '@azora/orchestrator'
import { HASTY } from './names.ts'

const plansOf = (input: JsonObject): unknown[] => (Array.isArray(input.plans) ? input.plans : [])

/** What a version of the agent proposes in a turn; undefined when it concludes. */
export function planOf(version: string, input: JsonObject, turn: number): Plan | undefined {
  const plan = plansOf(input)[turn]
  return plan && (version !== HASTY || turn === 0) ? Plan.parse(plan) : undefined
}

/** What the agent answers: a pure function of what it is asked. */
export const SCRIPT: AgentHost = {
  recognize: async (_, { input }) => ({ turns: plansOf(input).length }),
  async reason({ version }, { input, turn, observations }) {
    const plan = planOf(version, input, turn)
    if (plan) return { type: 'plan', id: '1', plan }
    const outputs = { seen: observations.length, ...(input.outputs === 'review' && { verdict: 'review' }) }
    return { type: 'done', id: '1', goal: input.outputs === 'missed' ? 'missed' : 'reached', outputs }
  },
}

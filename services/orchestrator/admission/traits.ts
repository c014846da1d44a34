import type { RunSpec } from '@azora/contracts'

/** What admission looks at in a run. */
export interface RunTraits {
  tenant: string
  agent: string
  /** Of a run that performs one skill without an agent. */
  skill?: string
  /** 0 to 9. */
  priority: number
}

export function traitsOf({ tenant, agentId, priority, plan }: RunSpec): RunTraits {
  const skill = plan?.steps.length === 1 ? plan.steps[0]?.skill : undefined
  return { tenant, agent: agentId, priority, ...(skill && { skill }) }
}

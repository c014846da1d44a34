import { type Clock, toAzoraError } from '@azora/base'
import type { Failure } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import type { Registry } from '@azora/skills'
import type { Door } from '../admission/door.ts'
import { scheduleRun } from '../commands/schedule.ts'
import type { ChildSpec } from './child.ts'

/** Whether somebody may start runs of an agent. */
export type MayStart = (who: { tenant: string; owner: string; agentId: string }) => Promise<boolean>

export interface StartDeps {
  journal: Pick<Journal, 'append'> & TenantRuns
  registry: Pick<Registry, 'agent' | 'checkAgentInput'>
  door: Pick<Door, 'admit'>
  /** Everybody may where it is absent. */
  mayStart?: MayStart | undefined
  clock: Clock
}

/**
 * Puts a child on record unless it is there. Answers why it can't be started, when that will not change; throws what passes.
 */
export async function startChild(
  { journal, registry, door, clock, mayStart }: StartDeps,
  { caller, version, agentId, ...spec }: ChildSpec,
): Promise<Failure | undefined> {
  try {
    if (mayStart && !(await mayStart({ tenant: caller.tenant, owner: caller.id, agentId })))
      return { code: 'forbidden', message: `${caller.id} may not start runs of ${agentId}` }
    const agent = registry.agent(agentId, version)
    registry.checkAgentInput(agent, spec.input)
    await scheduleRun({ journal, clock, door }, caller, { ...spec, agentId, agentVersion: agent.version })
  } catch (thrown) {
    const error = toAzoraError(thrown)
    // It is there: this, or a life before, started it.
    if (error.code === 'illegal_transition') return undefined
    if (error.advice !== 'fix' && error.advice !== 'missing') throw error
    return { code: error.code, message: error.message }
  }
  return undefined
}

import type { Clock, Log } from '@azora/base'
import { type Identity, may } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { createSchedules, type Orchestrator, type Schedules } from '@azora/orchestrator'
import type { Registry } from '@azora/skills'

export interface OpenSchedulesDeps {
  identity: Pick<Identity, 'find'>
  journal: Journal
  registry: Registry
  orchestrator: Pick<Orchestrator, 'create'>
  clock: Clock
  log: Log
}

/** Whether somebody may start runs of an agent now. */
export const mayStartIn =
  (identity: Pick<Identity, 'find'>) =>
  async ({ tenant, owner, agentId }: { tenant: string; owner: string; agentId: string }): Promise<boolean> => {
    const principal = await identity.find(tenant, owner)
    return principal !== undefined && may(principal, 'run.manage', { agentId, owner })
  }

/** Schedules whose runs start for as long as those who made them may start runs. */
export const openSchedules = ({ identity, orchestrator, ...deps }: OpenSchedulesDeps): Promise<Schedules> =>
  createSchedules({
    ...deps,
    runs: orchestrator,
    mayStart: mayStartIn(identity),
  })

import type { AdmissionLimits } from '@azora/contracts'
import type { RunTraits } from './traits.ts'

/** Counts what is carried forward, by tenant, agent and skill. */
export interface Slots {
  /** True when all limits leave room for one more of its kind. */
  admits(run: RunTraits): boolean
  enter(run: RunTraits): void
  leave(run: RunTraits): void
}

/** @param isHeld whether no run of a tenant may start */
export function createSlots(limits: () => AdmissionLimits, isHeld: (tenant: string) => boolean): Slots {
  const tenants = new Map<string, number>()
  const agents = new Map<string, number>()
  const skills = new Map<string, number>()
  const add = (counts: Map<string, number>, name: string, change: number): void => {
    const count = (counts.get(name) ?? 0) + change
    if (count > 0) counts.set(name, count)
    else counts.delete(name)
  }
  const addAll = ({ tenant, agent, skill }: RunTraits, change: number): void => {
    add(tenants, tenant, change)
    add(agents, agent, change)
    if (skill !== undefined) add(skills, skill, change)
  }
  const hasRoom = (counts: Map<string, number>, name: string, most: number | undefined): boolean =>
    most === undefined || (counts.get(name) ?? 0) < most
  return {
    admits({ tenant, agent, skill }) {
      const { everyTenant, tenants: own, agents: ofAgents, skills: ofSkills } = limits()
      return (
        !isHeld(tenant) &&
        hasRoom(tenants, tenant, own[tenant]?.concurrency ?? everyTenant.concurrency) &&
        hasRoom(agents, agent, ofAgents[agent]?.concurrency) &&
        (skill === undefined || hasRoom(skills, skill, ofSkills[skill]?.concurrency))
      )
    },
    enter: (run) => addAll(run, 1),
    leave: (run) => addAll(run, -1),
  }
}

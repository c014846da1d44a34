import type { AdmissionLimits } from '@azora/contracts'
import { createLanes, type Lane, type Lanes } from './lanes.ts'
import type { Slots } from './slots.ts'
import type { RunTraits } from './traits.ts'

/** Runs that wait to be admitted. */
export interface FairQueue {
  size(): number
  /** @param group keeps apart what doesn't arrive in the order of its times */
  put(run: string, traits: RunTraits, atMs: number, group?: string): void
  /** The run that goes next among those that the limits admit. */
  take(): { run: string; traits: RunTraits } | undefined
}

interface Flow {
  lanes: Lanes
  /** Virtual time at which its first run would start. */
  start: number
  /** Its limits left no room when it was last looked at. */
  blocked: boolean
}

/**
 * Start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queueing", SIGCOMM 1996) between tenants, each admission
 * costing 1. Over any time in which two tenants have runs that may go, what they get divided by their weights differs by
 * at most 1 / w1 + 1 / w2 (theorem 1 there). Within a tenant {@link createLanes} orders.
 *
 * A look costs time in proportion to the tenants and lanes that have something waiting, not to the runs.
 */
export function createFairQueue(limits: () => AdmissionLimits, slots: Pick<Slots, 'admits'>): FairQueue {
  const flows = new Map<string, Flow>()
  let virtual = 0
  let size = 0

  function flowOf(tenant: string): Flow {
    let flow = flows.get(tenant)
    if (!flow) {
      flow = { lanes: createLanes(), start: virtual, blocked: false }
      flows.set(tenant, flow)
    }
    return flow
  }

  function next(): { tenant: string; flow: Flow; lane: Lane } | undefined {
    const agingMs = limits().agingSeconds * 1_000
    let best: { tenant: string; flow: Flow; lane: Lane } | undefined
    for (const [tenant, flow] of flows) {
      if (flow.lanes.size() === 0) {
        if (flow.start <= virtual) flows.delete(tenant)
        continue
      }
      const lane = flow.lanes.next(agingMs, slots.admits)
      // Who could take nothing has nothing to catch up on.
      if (lane && flow.blocked) flow.start = Math.max(flow.start, virtual)
      flow.blocked = lane === undefined
      if (lane && (!best || flow.start < best.flow.start)) best = { tenant, flow, lane }
    }
    return best
  }

  return {
    size: () => size,
    put(run, traits, atMs, group = '') {
      const flow = flowOf(traits.tenant)
      if (flow.lanes.size() === 0) flow.start = Math.max(flow.start, virtual)
      flow.lanes.put(run, traits, atMs, group)
      size += 1
    },
    take() {
      const found = next()
      const run = found?.flow.lanes.take(found.lane)
      if (!found || run === undefined) return undefined
      const { tenants, everyTenant } = limits()
      virtual = found.flow.start
      found.flow.start += 1 / (tenants[found.tenant]?.weight ?? everyTenant.weight ?? 1)
      size -= 1
      return { run, traits: found.lane.traits }
    },
  }
}

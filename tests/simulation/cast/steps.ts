import { timestamp } from '@azora/base'
import { type JsonObject, RUN_START, WAIT_SIGNAL, WAIT_TIMER } from '@azora/contracts'
import { START_MS } from '../engine/own.ts'
import type { Random } from '../engine/random.ts'
import { AGENT_ID } from './names.ts'
import type { Theme } from './theme.ts'

/** Signals that runs wait for, and that people send. */
export const WORDS = ['go', 'paid'] as const

type Shares = Pick<Theme, 'waits' | 'children'>
interface Proposed {
  skill: string
  input: JsonObject
}

const DEPTH_MAX = 2

/** @param depth runs above the one that is to propose them */
export function plansOf(random: Random, shares: Shares, depth = 0): object[] {
  let made = 0
  return Array.from({ length: 1 + random.int(2) }, () => {
    const first = made
    const steps = Array.from({ length: 1 + random.int(3) }, () => {
      const id = `s${made}`
      const after = made > first && random.chance(shares.waits > 0.5 ? 0.1 : 0.4) ? [`s${made - 1}`] : []
      made += 1
      return { id, after, ...stepOf(random, id, shares, depth) }
    })
    return { steps }
  })
}

function stepOf(random: Random, id: string, { waits, children }: Shares, depth: number): Proposed {
  if (waits > 0 && random.chance(waits)) return waitOf(random)
  if (children > 0 && depth < DEPTH_MAX && random.chance(children)) return childOf(random, { waits, children }, depth)
  return actionOf(random, id)
}

function waitOf(random: Random): Proposed {
  const ms = random.chance(0.5) ? random.int(2_000) : random.int(100_000)
  const limit = random.chance(0.3) ? { until: timestamp(START_MS + ms) } : { ms }
  if (random.chance(0.3)) return { skill: WAIT_TIMER, input: limit }
  return {
    skill: WAIT_SIGNAL,
    input: { name: random.chance(0.7) ? WORDS[0] : WORDS[1], ...(random.chance(0.6) && limit) },
  }
}

function childOf(random: Random, { waits, children }: Shares, depth: number): Proposed {
  const plans = plansOf(random, { waits, children: children / 2 }, depth + 1)
  const input = { plans } as unknown as JsonObject
  return { skill: RUN_START, input: { agent: AGENT_ID, input, actions: random.pick([2, 6, 6]) } }
}

export function actionOf(random: Random, id: string): Proposed {
  const skill = random.pick(['sim.look', 'sim.put', 'sim.pay', 'sim.pay'])
  const verdict = random.chance(0.2) ? random.pick(['review', 'review', 'deny']) : undefined
  const input: JsonObject = {
    id,
    ms: random.chance(0.3) ? random.int(70_000) : random.int(2_000),
    ...(random.chance(0.1) && { how: 'fail' }),
    ...(verdict && { verdict, quorum: 1 + random.int(2) }),
  }
  return { skill, input }
}

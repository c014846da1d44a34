import { timestamp } from '@azora/base'
import {
  type Compensation,
  type JsonObject,
  type RetryPolicy,
  RUN_START,
  WAIT_SIGNAL,
  WAIT_TIMER,
} from '@azora/contracts'
import { START_MS } from '../engine/own.ts'
import type { Random } from '../engine/random.ts'
import { AGENT_ID } from './names.ts'
import type { Theme } from './theme.ts'

/** Signals that runs wait for, and that people send. */
export const WORDS = ['go', 'paid'] as const

type Shares = Pick<Theme, 'waits' | 'children' | 'retries' | 'undoing' | 'upgrades'>
interface Proposed {
  skill: string
  version?: string
  input: JsonObject
  retry?: RetryPolicy
  compensation?: Compensation
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

/** A plan that does something, starts a child, and wants to spend euros after a while. */
export function familyOf(random: Random, shares: Shares): object {
  const first = { skill: random.pick(['sim.put', 'sim.pay']), input: { id: 's0', ms: random.int(2_000) } }
  const after = ['s0']
  const steps = [
    { id: 's0', after: [], ...first, compensation: { ...undoingOf(random), on: ['fail', 'cancel'] } },
    { id: 's1', after, ...childOf(random, { ...shares, waits: 0.8 }, 0) },
    { id: 's2', after, skill: WAIT_TIMER, input: { ms: random.int(5_000) } },
    { id: 's3', after: ['s2'], skill: 'sim.buy', input: { id: 's3', ms: 100 } },
  ]
  return { steps }
}

function stepOf(random: Random, id: string, shares: Shares, depth: number): Proposed {
  const { waits, children, undoing } = shares
  if (waits > 0 && random.chance(waits)) return waitOf(random)
  if (children > 0 && depth < DEPTH_MAX && random.chance(children)) return childOf(random, shares, depth)
  const action = actionOf(random, id, shares)
  if (shares.upgrades && random.chance(0.2)) action.version = random.pick(['1.0.0', '1.1.0'])
  return undoing > 0 && random.chance(undoing) ? { ...action, compensation: undoingOf(random) } : action
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

function childOf(random: Random, shares: Shares, depth: number): Proposed {
  const plans = plansOf(random, { ...shares, children: shares.children / 2 }, depth + 1)
  const input = { plans } as unknown as JsonObject
  return { skill: RUN_START, input: { agent: AGENT_ID, input, actions: random.pick([2, 6, 6]) } }
}

export function actionOf(random: Random, id: string, { retries }: Pick<Shares, 'retries'>): Proposed {
  const skill = random.pick(['sim.look', 'sim.put', 'sim.pay', 'sim.pay'])
  const verdict = random.chance(0.2) ? random.pick(['review', 'review', 'deny']) : undefined
  const input: JsonObject = {
    id,
    ms: random.chance(0.3) ? random.int(70_000) : random.int(2_000),
    ...(random.chance(0.1) && { how: 'fail' }),
    ...(verdict && { verdict, quorum: 1 + random.int(2) }),
  }
  if (retries === 0 || !random.chance(retries)) return { skill, input }
  const how = random.pick(['busy', 'busy', 'broken', 'hopeless'])
  return { skill, input: { ...input, how, fails: 1 + random.int(4) }, retry: retryOf(random) }
}

const retryOf = (random: Random): RetryPolicy => ({
  attempts: 1 + random.int(4),
  firstMs: random.pick([0, 500, 20_000]),
  factor: random.pick([1, 3]),
  maxMs: 60_000,
  jitter: random.pick([0, 0.5]),
  terminal: ['hopeless'],
})

/** Some are tried again by people, and some are left as they are. */
const undoingOf = (random: Random): Compensation => ({
  skill: 'sim.undo',
  input: { of: { $output: '/done' }, ms: random.int(2_000), ...(random.chance(0.2) && { how: 'broken', fails: 1 }) },
  on: random.pick([['fail'], ['cancel'], ['fail', 'cancel']]),
})

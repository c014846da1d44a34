import { timestamp } from '@azora/base'
import type { JsonObject } from '@azora/contracts'
import { START_MS } from '../engine/own.ts'
import type { Random } from '../engine/random.ts'
import { AGENT } from './catalog.ts'
import { OWNER } from './people.ts'
import type { Rooms } from './server.ts'

/** A run that somebody wants. */
export interface Wish {
  key: string
  atMs: number
  ask(rooms: Rooms): Promise<{ runId: string }>
}

const SCOPE = { read: [], write: [], hosts: [] }
const RUNS_MAX = 5

/** @param spreadMs in which they are asked for */
export function wishes(random: Random, spreadMs: number): Wish[] {
  return Array.from({ length: 1 + random.int(RUNS_MAX) }, (_, at): Wish => {
    const key = `wish-${at}`
    const atMs = random.int(spreadMs)
    if (random.chance(0.25)) {
      const { skill, input } = stepOf(random, '')
      return {
        key,
        atMs,
        ask: ({ orchestrator }) =>
          orchestrator.execute(OWNER, { skillId: skill, input, scope: SCOPE, priority: at % 10 }, key),
      }
    }
    const input = { plans: plansOf(random), ...(random.chance(0.15) && { outputs: 'review' }) } as unknown as JsonObject
    const deadline = random.chance(0.3) ? timestamp(START_MS + random.between(20_000, 200_000)) : undefined
    const budget = { actions: random.chance(0.1) ? 1 : 20, turns: random.chance(0.1) ? 1 : 6 }
    return {
      key,
      atMs,
      ask: ({ orchestrator }) =>
        orchestrator.create(
          OWNER,
          { agentId: AGENT.agentId, input, scope: SCOPE, priority: at % 10, budget, ...(deadline && { deadline }) },
          key,
        ),
    }
  })
}

function plansOf(random: Random): object[] {
  let made = 0
  return Array.from({ length: 1 + random.int(2) }, () => {
    const first = made
    const steps = Array.from({ length: 1 + random.int(3) }, () => {
      const id = `s${made}`
      const after = made > first && random.chance(0.4) ? [`s${made - 1}`] : []
      made += 1
      return { id, after, ...stepOf(random, id) }
    })
    return { steps }
  })
}

function stepOf(random: Random, id: string): { skill: string; input: JsonObject } {
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

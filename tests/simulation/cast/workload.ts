import { timestamp } from '@azora/base'
import type { Dependency, JsonObject, UseLimits } from '@azora/contracts'
import { Plan } from '@azora/contracts'
import { START_MS } from '../engine/own.ts'
import type { Random } from '../engine/random.ts'
import { AGENT_ID } from './names.ts'
import { OWNER, unanswered } from './people.ts'
import type { Rooms } from './server.ts'
import { actionOf, familyOf, plansOf } from './steps.ts'
import type { Theme } from './theme.ts'

/** A run that somebody wants. */
export interface Wish {
  key: string
  atMs: number
  ask(rooms: Rooms): Promise<{ runId: string }>
}

export const SCOPE = { read: [], write: [], hosts: [] }
const RUNS_MAX = 5
/** Budgets that are reached: by what costs anything else, and by the second action that takes any time. */
const TIGHT: readonly [UseLimits, ...UseLimits[]] = [
  { money: { currency: 'USD', micros: 1_000 }, onReached: 'fail' },
  { timeMs: 60_000, onReached: 'fail' },
]

/**
 * @param spreadMs in which they are asked for
 * @param accepted by key, the runs that were accepted already
 */
export function wishes(random: Random, spreadMs: number, theme: Theme, accepted: ReadonlyMap<string, string>): Wish[] {
  return Array.from({ length: 1 + random.int(RUNS_MAX) }, (_, at): Wish => {
    const key = `wish-${at}`
    const atMs = random.int(spreadMs)
    const kind = random.next()
    if (kind < 0.15) return { key, atMs, ask: oneAction(random, at, key, theme) }
    if (kind < (theme.haste ? 0.7 : 0.3)) return { key, atMs, ask: onePlan(random, at, key, theme) }
    return { key, atMs, ask: oneAgent(random, at, key, theme, accepted) }
  })
}

type Ask = Wish['ask']

function oneAction(random: Random, at: number, key: string, theme: Theme): Ask {
  const { skill, input, retry } = actionOf(random, '', theme)
  const call = {
    skillId: skill,
    input,
    scope: SCOPE,
    priority: at % 10,
    ...(retry && { retry }),
    ...laterOf(random, theme),
  }
  return ({ orchestrator }) => orchestrator.execute(OWNER, call, key)
}

/** When a run starts that does not start at once. */
const laterOf = (random: Random, { later }: Theme): { startAt?: string } =>
  later > 0 && random.chance(later) ? { startAt: timestamp(START_MS + random.int(200_000)) } : {}

function onePlan(random: Random, at: number, key: string, theme: Theme): Ask {
  // A plan without an agent is refused at once where it names what isn't offered.
  const plan = Plan.parse(plansOf(random, { ...theme, waits: 0, upgrades: false })[0])
  const run = { plan, scope: SCOPE, priority: at % 10, budget: { actions: 20, turns: 2 } }
  return ({ orchestrator }) => orchestrator.performPlan(OWNER, run, key)
}

function oneAgent(random: Random, at: number, key: string, theme: Theme, accepted: ReadonlyMap<string, string>): Ask {
  const tight = theme.tight > 0 && random.chance(theme.tight) ? random.pick(TIGHT) : undefined
  const plans = tight?.money ? [familyOf(random, theme)] : plansOf(random, theme)
  const misses = theme.undoing > 0 && random.chance(0.5)
  const outputs = random.chance(0.15) ? 'review' : misses ? 'missed' : undefined
  const input = { plans, ...(outputs && { outputs }) } as unknown as JsonObject
  const deadline = random.chance(0.3) ? timestamp(START_MS + random.between(20_000, 200_000)) : undefined
  const budget = {
    actions: random.chance(0.1) ? 1 : 20,
    turns: random.chance(0.1) ? 1 : 6,
    ...tight,
  }
  const after = othersBefore(random, at, theme)
  const later = laterOf(random, theme)
  return ({ orchestrator }) => {
    const known = after.flatMap(({ key: other, when }): Dependency[] => {
      const run = accepted.get(other)
      return run === undefined ? [] : [{ run, when }]
    })
    if (known.length < after.length) throw unanswered()
    const run = {
      agentId: AGENT_ID,
      input,
      scope: SCOPE,
      priority: at % 10,
      budget,
      ...later,
      ...(deadline && { deadline }),
    }
    return orchestrator.create(OWNER, { ...run, ...(known.length > 0 && { after: known }) }, key)
  }
}

/** Of the runs that are wished for before this one. */
function othersBefore(random: Random, at: number, theme: Theme): Array<{ key: string; when: Dependency['when'] }> {
  return Array.from({ length: at }, (_, other) => other).flatMap((other) =>
    theme.after > 0 && random.chance(theme.after)
      ? [{ key: `wish-${other}`, when: random.pick(['success', 'ended'] as const) }]
      : [],
  )
}

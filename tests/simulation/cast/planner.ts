import { AzoraError } from '@azora/base'
import type { JsonObject, NewSchedule } from '@azora/contracts'
import type { Random } from '../engine/random.ts'
import { AGENT_ID } from './names.ts'
import { OWNER, type People } from './people.ts'
import { plansOf } from './steps.ts'
import { SCOPE } from './workload.ts'

/** Somebody who lets runs start by the clock. */
export interface Planner {
  /** Lets no more be due; resolves when that is on record. */
  stop(): Promise<void>
}

/** @param spreadMs in which the schedule is made */
export function plan(people: People, random: Random, spreadMs: number, name: string): Planner {
  const { insist, sleep } = people
  const schedule = scheduleOf(random, name)
  let stopped = false

  async function make(): Promise<void> {
    await sleep(random.int(spreadMs))
    const made = await insist('schedule', ({ schedules }) => schedules.create(OWNER, schedule))
    // It was made, and the answer was lost, or the server that made it was about to stop.
    if (made instanceof AzoraError && !['schedule_exists', 'schedule_not_found'].includes(made.code)) throw made
  }

  async function change(): Promise<void> {
    const kind = random.pick(['pause', 'resume', 'resume', 'trigger', 'trigger'])
    const key = `${name}-${random.int(1_000_000)}`
    await insist(`schedule ${kind}`, async ({ schedules }) => {
      if (kind === 'pause') await schedules.pause(OWNER, name)
      else if (kind === 'resume') await schedules.resume(OWNER, name)
      else await schedules.trigger(OWNER, name, key)
    })
  }

  const work = (async () => {
    await make()
    while (!stopped) {
      await sleep(random.between(5_000, 60_000))
      if (!stopped) await change()
    }
  })()
  return {
    async stop() {
      stopped = true
      await work
      await insist('schedule pause', ({ schedules }) => schedules.pause(OWNER, name))
    },
  }
}

function scheduleOf(random: Random, name: string): NewSchedule {
  const input = {
    plans: plansOf(random, { waits: 0, children: 0, retries: 0, undoing: 0, upgrades: false }),
  } as unknown as JsonObject
  return {
    name,
    cron: random.pick(['* * * * *', '* * * * *', '*/2 * * * *']),
    missed: random.pick(['skip', 'one', 'all'] as const),
    overlap: random.pick(['skip', 'queue', 'allow'] as const),
    agentId: AGENT_ID,
    input,
    scope: SCOPE,
  }
}

import { isTerminal } from '@azora/contracts'
import type { Random } from '../engine/random.ts'
import type { Weather } from '../faults.ts'
import type { Stage } from '../stage.ts'
import { forkOne } from './forker.ts'
import { moveOne } from './mover.ts'
import { type Planner, plan } from './planner.ts'
import { WORDS } from './steps.ts'
import type { Theme } from './theme.ts'
import { upgradeOne } from './upgrader.ts'
import { sendWord } from './word.ts'

/** What people do of their own accord while things go wrong. */
export interface Meddling {
  /** Nobody begins anything any more; resolves when all that was begun is done. */
  stop(): Promise<void>
}

const HASTY_MS = 400
const REVIEW_MS = 5_000
const WORD_MS = 6_000
const FORK_MS = 3_000
const MOVE_MS = 4_000
const UPGRADE_MS = 8_000
/** Cancels have further to go. */
const WITH_CHILDREN_MS = 12_000

/** People look after their runs at random moments. */
export function meddle(stage: Stage, random: Random, weather: Weather, theme: Theme): Meddling {
  const { people, log } = stage
  let stopped = false
  const until = async (everyMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!stopped && Number.isFinite(everyMs)) {
      await people.sleep(everyMs * (0.2 + 1.6 * random.next()))
      if (!stopped) await work()
    }
  }
  const anyRun = (): string | undefined => [...log.runs.keys()][random.int(log.runs.size)]
  /** What has begun and goes on has more to lose. */
  const endOne = async (): Promise<void> => {
    const all = [...log.runs.values()].filter(({ state }) => !isTerminal(state) && state !== 'scheduled')
    const { run } = all[random.int(all.length)] ?? {}
    if (run) await people.command(run, random.pick(['pause', 'resume', 'cancel']))
  }
  void until(commandEveryMs(weather, theme), async () => {
    if (theme.children > 0) return void (await endOne())
    const waiting = theme.haste ? [...log.runs.values()].filter(({ state }) => state === 'scheduled') : []
    const run = waiting[random.int(2 * waiting.length)]?.run ?? anyRun()
    if (run) await people.command(run, random.pick(['pause', 'pause', 'resume', 'resume', 'cancel']))
  })
  if (theme.haste) onEnd(stage, random, () => !stopped)
  void until(random.chance(0.7) ? REVIEW_MS : Number.POSITIVE_INFINITY, () => people.review())
  const begun: Array<Promise<void>> = []
  if (theme.waits > 0)
    void until(WORD_MS, async () => {
      const run = [...log.runs.values()].find(({ state }) => state === 'running')?.run ?? anyRun()
      if (run) begun.push(sendWord(people, random, run, random.pick(WORDS)))
    })
  let forks = 0
  void until(theme.forks > 0 ? FORK_MS : Number.POSITIVE_INFINITY, async () => {
    forks += 1
    if (forks <= theme.forks) begun.push(forkOne(people, random, log, `fork-${forks}`))
  })
  void until(theme.moves ? MOVE_MS : Number.POSITIVE_INFINITY, async () => {
    begun.push(moveOne(people, random, log, theme))
  })
  void until(theme.upgrades ? UPGRADE_MS : Number.POSITIVE_INFINITY, async () => upgradeOne(stage, random))
  const planners: Planner[] = Array.from({ length: theme.schedules }, (_, at) =>
    plan(people, random.fork(`schedule ${at}`), weather.untilMs / 2, `schedule-${at}`),
  )
  return {
    async stop() {
      stopped = true
      await Promise.all([...begun, ...planners.map((planner) => planner.stop())])
    },
  }
}

function commandEveryMs({ commandEveryMs: usual }: Weather, { haste, children }: Theme): number {
  if (haste) return HASTY_MS
  return children > 0 ? Math.min(usual, WITH_CHILDREN_MS) : usual
}

/** Whoever sees a run end holds those that wait for its place, which are about to start. */
function onEnd({ tables, log, people }: Stage, random: Random, goesOn: () => boolean): void {
  const told = tables.onAppended
  tables.onAppended = (entries) => {
    told(entries)
    const ends = entries.some(({ header: { transition } }) => transition && isTerminal(transition.to))
    if (!ends || !goesOn() || random.chance(0.5)) return
    for (const { run, state } of log.runs.values()) if (state === 'scheduled') void people.command(run, 'pause')
  }
}

import { createHash } from 'node:crypto'
import { isTerminal } from '@azora/contracts'
import type { Registry } from '@azora/skills'
import { arrangeBlows } from './blows.ts'
import { wishes } from './cast/workload.ts'
import { createLoop } from './engine/loop.ts'
import { drain, ownedBy } from './engine/own.ts'
import { createRandom, type Random } from './engine/random.ts'
import { type Weather, weatherOf } from './faults.ts'
import { checkEnd, checkPromises, describe, rests } from './invariants/end.ts'
import { Flaw, must, takeFlaw } from './invariants/flaw.ts'
import type { RunRecord } from './invariants/log.ts'
import { type Stage, setStage } from './stage.ts'

export interface SeedResult {
  seed: string
  /** Of everything that happened, in its order. */
  digest: string
  events: number
  entries: number
  /** What must never be, and was. */
  flaw?: string
  /** How long it took. */
  ms?: number
}

/** How long things may take once nothing goes wrong any more. */
const REST_MS_MAX = 25 * 60_000
const END_MS_MAX = 60 * 60_000
const LOOK_EVERY_MS = 3_000
/** A clock that jumped, or a server that froze, may notice a time so much later. */
const LATE_MS_MAX = 130_000

/** @param onEvent told of each event, for people who look for the cause of a flaw */
export async function runSeed(
  seed: string,
  registry: Registry,
  onEvent?: (event: string) => void,
): Promise<SeedResult> {
  takeFlaw()
  const random = createRandom(seed)
  const loop = createLoop(drain)
  ownedBy({ loop, ids: random.fork('ids'), salts: random.fork('salts') })
  const trace = createHash('sha256')
  loop.trace = (event) => {
    trace.update(`${event}\n`)
    onEvent?.(event)
  }
  const weather = weatherOf(random)
  const stage = setStage(loop, random.fork('stage'), registry, weather)
  const flaw = await play(stage, random, weather).then(
    () => undefined,
    (thrown) => (thrown instanceof Flaw ? thrown.message : `${(thrown as Error).stack}`),
  )
  const entries = stage.tables.entries.length
  return { seed, digest: trace.digest('hex'), events: loop.events, entries, ...(flaw !== undefined && { flaw }) }
}

async function play(stage: Stage, random: Random, weather: Weather): Promise<void> {
  const { loop, log, people } = stage
  const records = () => [...log.runs.values()]
  const wanted = wishes(random.fork('wishes'), weather.untilMs)
  for (const { key, atMs, ask } of wanted) loop.after(atMs, undefined, key, () => void people.request(key, ask))
  arrangeBlows(stage, random, weather)
  const stopMeddling = meddle(stage, random.fork('meddling'), weather)
  const allAccepted = (): boolean => people.promised.runs.size === wanted.length
  await loop.run(weather.untilMs)
  stopMeddling()
  calmDown(stage)

  // With nobody there, everything ends or comes to wait for people.
  await loop.run(loop.nowMs + REST_MS_MAX, () => allAccepted() && records().every(rests))
  must(allAccepted(), 'every request is accepted in the end', `${people.promised.runs.size} of ${wanted.length}`)
  for (const record of records()) must(rests(record), 'nothing is forgotten', describe(record))
  await passDeadlines(stage)
  checkPromises(stage.tables, log, people.promised)

  // With people who do their part, everything ends.
  attend(stage)
  await loop.run(loop.nowMs + END_MS_MAX, () => records().every(({ state }) => isTerminal(state)))
  const isListed = ({ run, state }: RunRecord): boolean => stage.tables.listed.get(run)?.state === state
  await loop.run(loop.nowMs + LATE_MS_MAX, () => records().every(isListed))
  checkPromises(stage.tables, log, people.promised)
  checkEnd(stage.tables, log, stage.world)
}

/** Clocks are right again; what stands still goes on in its time. */
function calmDown({ nodes, server }: Stage): void {
  for (const { clock, machine } of [server(), ...nodes.map(({ life }) => life)]) clock.jump(-machine.skewMs)
}

/** Deadlines hold for what waits for people too. */
async function passDeadlines({ loop, log, server }: Stage): Promise<void> {
  const waiting = [...log.runs.values()].filter(
    ({ state, deadlineMs }) => !isTerminal(state) && deadlineMs !== undefined,
  )
  const last = Math.max(...waiting.map(({ deadlineMs }) => deadlineMs ?? 0))
  if (waiting.length === 0) return
  const leftMs = Math.max(0, last - server().clock.now())
  await loop.run(loop.nowMs + leftMs + LATE_MS_MAX, () => waiting.every(({ state }) => isTerminal(state)))
  for (const record of waiting) must(isTerminal(record.state), 'a deadline ends a run', describe(record))
}

/** People look after their runs at random moments. Returns a function that makes them stop. */
function meddle(stage: Stage, random: Random, weather: Weather): () => void {
  const { people, log } = stage
  let stopped = false
  const until = async (everyMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!stopped && Number.isFinite(everyMs)) {
      await people.sleep(everyMs * (0.2 + 1.6 * random.next()))
      if (!stopped) await work()
    }
  }
  void until(weather.commandEveryMs, async () => {
    const runs = [...log.runs.keys()]
    const run = runs[random.int(runs.length)]
    if (run) await people.command(run, random.pick(['pause', 'pause', 'resume', 'resume', 'cancel']))
  })
  void until(random.chance(0.7) ? 5_000 : Number.POSITIVE_INFINITY, () => people.review())
  return () => {
    stopped = true
  }
}

/** People decide what waits for them, and let go on what they paused. */
function attend({ people, log }: Stage): void {
  void (async () => {
    for (;;) {
      await people.sleep(LOOK_EVERY_MS)
      await people.review()
      for (const { run, state } of log.runs.values()) if (state === 'paused') await people.command(run, 'resume')
    }
  })()
}

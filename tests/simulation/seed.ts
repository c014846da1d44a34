import { createHash } from 'node:crypto'
import { isTerminal } from '@azora/contracts'
import { arrangeBlows } from './blows.ts'
import type { Catalog } from './cast/catalog.ts'
import { TERMS } from './cast/law.ts'
import { meddle } from './cast/meddling.ts'
import { type Theme, themeOf } from './cast/theme.ts'
import { sendWord } from './cast/word.ts'
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
  theme: string
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
/** What a run becomes in the calm, its children are told of within so long. */
const TOLD_MS = 5_000
/** Share of the seeds in which nobody decides anything until it is too late: that takes a while. */
const PATIENT = 0.12
/** A server looks every few seconds whether it was replaced. */
const NOTICED_MS = 10_000

/** @param onEvent told of each event, for people who look for the cause of a flaw */
export async function runSeed(seed: string, catalog: Catalog, onEvent?: (event: string) => void): Promise<SeedResult> {
  takeFlaw()
  const random = createRandom(seed)
  const loop = createLoop(drain)
  ownedBy({ loop, ids: random.fork('ids'), salts: random.fork('salts') })
  const trace = createHash('sha256')
  loop.trace = (event) => {
    trace.update(`${event}\n`)
    onEvent?.(event)
  }
  const theme = themeOf(seed)
  const weather = weatherOf(random, theme)
  const stage = setStage(loop, random.fork('stage'), catalog, weather, theme)
  const flaw = await play(stage, random, weather, theme).then(
    () => undefined,
    (thrown) => (thrown instanceof Flaw ? thrown.message : `${(thrown as Error).stack}`),
  )
  const entries = stage.tables.entries.length
  return {
    seed,
    theme: theme.name,
    digest: trace.digest('hex'),
    events: loop.events,
    entries,
    ...(flaw !== undefined && { flaw }),
  }
}

async function play(stage: Stage, random: Random, weather: Weather, theme: Theme): Promise<void> {
  const { loop, log, people, records } = stage
  const runs = () => [...log.runs.values()]
  const restsNow = (run: RunRecord): boolean => rests(run, log, records)
  const wanted = wishes(random.fork('wishes'), weather.untilMs, theme, people.promised.runs)
  for (const { key, atMs, ask } of wanted) loop.after(atMs, undefined, key, () => void people.request(key, ask))
  arrangeBlows(stage, random, weather)
  const meddling = meddle(stage, random.fork('meddling'), weather, theme)
  const allAccepted = (): boolean => wanted.every(({ key }) => people.promised.runs.has(key))
  let isQuiet = false
  await loop.run(weather.untilMs)
  void meddling.stop().then(() => {
    isQuiet = true
  })
  calmDown(stage)

  // With nobody there, everything ends or comes to wait for people.
  const machines = [stage.database, stage.server().machine, ...stage.nodes.map(({ life }) => life.machine)]
  const calmFromMs = Math.max(loop.nowMs, ...machines.map(({ frozenUntilMs }) => frozenUntilMs)) + LATE_MS_MAX
  const leftSinceMs = new Map<string, number>()
  await loop.run(loop.nowMs + REST_MS_MAX, () => {
    if (loop.nowMs > calmFromMs)
      for (const run of runs()) {
        if (!records.children.isLeft(run, log)) leftSinceMs.delete(run.run)
        else if (!leftSinceMs.has(run.run)) leftSinceMs.set(run.run, loop.nowMs)
        const leftForMs = loop.nowMs - (leftSinceMs.get(run.run) ?? loop.nowMs)
        must(leftForMs < TOLD_MS, 'a child ends with its parent', describe(run))
        must(!records.children.isAwake(run, log), 'a child stands still with its parent', describe(run))
      }
    return isQuiet && allAccepted() && runs().every(restsNow)
  })
  must(allAccepted(), 'every request is accepted in the end', `${people.promised.runs.size} of ${wanted.length}`)
  must(isQuiet, 'every request is answered in the end', theme.name)
  for (const record of runs()) must(restsNow(record), 'nothing is forgotten', describe(record))
  await passDeadlines(stage)
  if (random.fork('reviews').chance(PATIENT)) await passReviews(stage)
  checkPromises(stage.tables, log, people.promised)

  // With people who do their part, everything ends.
  attend(stage, random.fork('attending'))
  await loop.run(loop.nowMs + END_MS_MAX, () => runs().every(({ state }) => isTerminal(state)))
  const isListed = ({ run, state }: RunRecord): boolean => stage.tables.listed.get(run)?.state === state
  await loop.run(loop.nowMs + LATE_MS_MAX, () => runs().every(isListed))
  checkPromises(stage.tables, log, people.promised)
  await loop.run(loop.nowMs + NOTICED_MS, () => stage.strays(0).length === 0)
  const strays = stage.strays(NOTICED_MS).map(({ name }) => name)
  must(strays.length === 0, 'a server that was replaced stops', strays.join(' '))
  checkEnd(stage.tables, log, stage.world)
  records.schedules.checkStarted(log)
}

/** Clocks are right again; what stands still goes on in its time. */
function calmDown({ nodes, server }: Stage): void {
  for (const { clock, machine } of [server(), ...nodes.map(({ life }) => life)]) clock.jump(-machine.skewMs)
}

/** What nobody decides about ends by itself. */
async function passReviews({ loop, log, records, server }: Stage): Promise<void> {
  const soonest = server().clock.now() + TERMS.expiresMinutes * 60_000
  const open = [...log.runs.values()].flatMap((record) =>
    record.state === 'awaiting_review' ? [...record.reviews].map(([id, review]) => ({ id, review, record })) : [],
  )
  const due = open.filter(({ id, review }) => !review.decided && records.reviews.expiryOf(id) <= soonest)
  const isOver = ({ review, record }: (typeof due)[0]): boolean => review.decided || record.state !== 'awaiting_review'
  if (due.length === 0) return
  const leftMs = Math.max(...due.map(({ id }) => records.reviews.expiryOf(id))) - server().clock.now()
  await loop.run(loop.nowMs + Math.max(0, leftMs) + LATE_MS_MAX, () => due.every(isOver))
  for (const one of due) must(isOver(one), 'a review ends in its time', describe(one.record))
}

/** Deadlines hold for what waits for people too. */
async function passDeadlines({ loop, log, records, server }: Stage): Promise<void> {
  const waiting = [...log.runs.values()].filter(
    ({ run, state, deadlineMs }) => !isTerminal(state) && deadlineMs !== undefined && !records.undoing.isUndoing(run),
  )
  const isDone = ({ run, state }: RunRecord): boolean => isTerminal(state) || records.undoing.isUndoing(run)
  const last = Math.max(...waiting.map(({ deadlineMs }) => deadlineMs ?? 0))
  if (waiting.length === 0) return
  const leftMs = Math.max(0, last - server().clock.now())
  await loop.run(loop.nowMs + leftMs + LATE_MS_MAX, () => waiting.every(isDone))
  for (const record of waiting) must(isDone(record), 'a deadline ends a run', describe(record))
}

/** People decide what waits for them, say what it waits for, and let go on what they paused. */
function attend({ people, log, records }: Stage, random: Random): void {
  void (async () => {
    for (;;) {
      await people.sleep(LOOK_EVERY_MS)
      await people.review()
      for (const record of log.runs.values()) {
        if (record.state === 'paused') await people.command(record.run, 'resume')
        for (const name of records.waits.wordsFor(record)) await sendWord(people, random, record.run, name)
      }
    }
  })()
}

import { type Clock, type Log, type Timer, toAzoraError } from '@azora/base'
import type { WaitingStore } from '../store/waiting.ts'
import type { RunTraits } from './traits.ts'

/** What takes up what is found. */
interface Taker {
  queue(run: string, traits: RunTraits, atMs: number, group: string): void
  goOn(run: string, traits: RunTraits): void
  goOnBy(run: string, atMs: number): void
  /** How many runs are to be looked at. */
  backlog(): number
}

export interface RecoveryDeps {
  store: Pick<WaitingStore, 'started' | 'page' | 'timed'>
  taker: Taker
  clock: Clock
  log: Log
  /** Size of the log when the taker began to listen to it: later runs it has heard of. */
  beforeIndex: number
}

const PAGE = 20_000
const RETRY_MS = 1_000
/** Started runs that are to be looked at before more of them are taken up. */
const BACKLOG_MAX = 1_000
const BACKLOG_MS = 50
/** How long it rests after each page, as a multiple of the time that the page took: the work beside it keeps most of the machine. */
const REST = 6
const FIRST = '00000000-0000-0000-0000-000000000000'
const GROUP = 'recovered'

/**
 * Takes up the runs that had not ended when the server stopped: those that go on, then those that wait to start, page by page
 * beside what goes on already, oldest first, so that a start takes no longer with a million of them. The first page holds more
 * runs than can go on at one time, so nothing stands still while it rests between two. Runs at rest are not read: they
 * are looked at when their time or an entry comes.
 *
 * @returns what stops it
 */
export function recoverWaiting({ store, taker, clock, log, beforeIndex }: RecoveryDeps): () => void {
  let stopped = false
  let timer: Timer | undefined

  async function takeStarted(): Promise<void> {
    for (let after = FIRST; !stopped; ) {
      const page = await store.started(after, PAGE)
      for (const { run, traits } of page) taker.goOn(run, traits)
      const last = page.at(-1)
      if (!last || page.length < PAGE) return
      after = last.run
      while (!stopped && taker.backlog() > BACKLOG_MAX) await rest(BACKLOG_MS)
    }
  }

  async function takeTimed(): Promise<void> {
    for (let after = FIRST; !stopped; ) {
      const page = await store.timed(after, beforeIndex, PAGE)
      for (const { run, atMs } of page) taker.goOnBy(run, atMs)
      const last = page.at(-1)
      if (!last) return
      after = last.run
    }
  }

  async function takeQueued(): Promise<void> {
    for (let after = FIRST; !stopped; ) {
      const beganMs = clock.now()
      const lanes = await store.page(after, beforeIndex, PAGE)
      if (lanes.length === 0) return
      for (const { traits, runs } of lanes) for (const run of runs) taker.queue(run, traits, timeOf(run), GROUP)
      after =
        lanes
          .map(({ runs }) => runs.at(-1) ?? FIRST)
          .toSorted()
          .at(-1) ?? FIRST
      await rest((clock.now() - beganMs) * REST)
    }
  }

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timer = clock.after(ms, resolve)
    })

  /** What is taken up twice is seen to be under way, or to have ended. */
  function begin(): void {
    takeStarted()
      .then(takeTimed)
      .then(takeQueued)
      .catch((thrown) => {
        if (stopped) return
        log.warn({ err: toAzoraError(thrown) }, 'waiting runs could not be taken up; it is tried again')
        timer = clock.after(RETRY_MS, begin)
      })
  }

  begin()
  return () => {
    stopped = true
    timer?.cancel()
  }
}

/** When the run was scheduled, by its id (RFC 9562, section 5.7). */
const timeOf = (run: string): number => Number.parseInt(run.slice(0, 8) + run.slice(9, 13), 16)

import { timestamp } from '@azora/base'
import type { Times } from './cron.ts'
import type { ScheduleFold } from './fold.ts'

/** What is put on record next about a schedule. */
export type NextStep =
  | { kind: 'schedule.due'; at: string }
  | { kind: 'schedule.queued'; at: string }
  | { kind: 'schedule.skipped'; after: string; until: string; why: 'missed' | 'overlap' | 'queue_full' }

/** A time that is no longer past than this wasn't missed. */
const GRACE_MS = 60_000
/** Times that are made up for at most. */
export const MADE_UP_MAX = 100
/** Times that wait for the end of a run at most. */
export const QUEUED_MAX = 100

/**
 * Decides about one time, or about several that are skipped together; undefined when there is nothing to decide now. Pure:
 * each step moves on what is decided, so that asking again comes to an end.
 */
export function nextStep(fold: ScheduleFold, times: Times, nowMs: number): NextStep | undefined {
  if (fold.state !== 'active') return undefined
  const { schedule, queued, open, decidedMs } = fold
  const blocked = schedule.overlap !== 'allow' && open.size > 0
  if (!blocked && queued[0] !== undefined) return { kind: 'schedule.due', at: queued[0] }
  const past = times.lastIn(decidedMs, nowMs, MADE_UP_MAX)
  const wanted = wantedOf(fold, past.times, nowMs)
  const passedOver = past.times.filter((time) => !wanted.includes(time))
  const at = wanted[0]
  if (passedOver.length > 0 || past.more) {
    const until = at === undefined ? past.times.at(-1) : before(past.times, at, at - 1)
    if (until !== undefined) return skipped(decidedMs, until, 'missed')
  }
  if (at === undefined) return undefined
  if (!blocked) return { kind: 'schedule.due', at: timestamp(at) }
  if (schedule.overlap === 'skip') return skipped(decidedMs, at, 'overlap')
  if (queued.length >= QUEUED_MAX) return skipped(decidedMs, at, 'queue_full')
  return { kind: 'schedule.queued', at: timestamp(at) }
}

/** Those of the times that passed for which a run is wanted: they are the last ones. */
function wantedOf({ schedule: { missed } }: ScheduleFold, times: number[], nowMs: number): number[] {
  if (missed === 'all') return times
  return missed === 'one' ? times.slice(-1) : times.filter((time) => time >= nowMs - GRACE_MS)
}

/** The time before one of them; what came before all of them is only known to be earlier. */
const before = (times: number[], at: number, earlierMs: number): number => times[times.indexOf(at) - 1] ?? earlierMs

const skipped = (afterMs: number, untilMs: number, why: 'missed' | 'overlap' | 'queue_full'): NextStep => ({
  kind: 'schedule.skipped',
  after: timestamp(afterMs),
  until: timestamp(untilMs),
  why,
})

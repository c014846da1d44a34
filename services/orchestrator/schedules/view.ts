import { timestamp } from '@azora/base'
import type { ScheduleView } from '@azora/contracts'
import type { Times } from './cron.ts'
import type { ScheduleFold } from './fold.ts'

const NEXT_SHOWN = 5

/** A schedule as the API shows it. */
export function viewSchedule(fold: ScheduleFold, times: Times, nowMs: number): ScheduleView {
  const { tenant: _tenant, ...schedule } = fold.schedule
  return {
    ...schedule,
    createdAt: fold.createdAt,
    state: fold.state,
    next: fold.state === 'active' ? nextTimes(times, Math.max(nowMs, fold.decidedMs)) : [],
    recent: fold.recent.toReversed(),
    open: [...fold.open.keys()],
    queued: fold.queued.length,
  }
}

function nextTimes(times: Times, fromMs: number): string[] {
  const next: string[] = []
  for (let at = times.after(fromMs); at !== undefined && next.length < NEXT_SHOWN; at = times.after(at))
    next.push(timestamp(at))
  return next
}

import { type EntryKind, isTerminal } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, LogRecord } from './log.ts'

interface Known {
  name: string
  mayOverlap: boolean
  /** Between two times. */
  everyMs: number
  /** What comes until then is decided. */
  decidedMs: number
  queued: Set<string>
  /** Runs that were due and were not refused. */
  due: Set<string>
}

export interface ScheduleChecks extends Follower {
  /** Every run that was due is on record. */
  checkStarted(log: LogRecord): void
}

const MINUTE_MS = 60_000
const DECIDING = ['schedule.due', 'schedule.queued', 'schedule.skipped'] as const satisfies EntryKind[]

/**
 * About each minute of a schedule one thing is decided, when it has come, and of a run that is due there is one.
 *
 * @param shownMs the latest time that a server has read off its clock
 */
export function createScheduleChecks(shownMs: () => number): ScheduleChecks {
  const schedules = new Map<string, Known>()
  /** By run, the time at which it was due. */
  const dueAt = new Map<string, string>()

  function decide(known: Known, stored: Stored): void {
    const due = payloadOf(stored, 'schedule.due')
    const said = due ?? payloadOf(stored, 'schedule.queued')
    if (due?.triggered) return
    if (due && known.queued.delete(due.at)) return
    const skipped = payloadOf(stored, 'schedule.skipped')
    const at = said?.at ?? skipped?.until ?? ''
    const atMs = Date.parse(at)
    const about = `${known.name} ${stored.header.kind} ${at}`
    must(atMs > known.decidedMs, 'a time of a schedule is decided once', about)
    must(shownMs() >= atMs, 'no time comes early', about)
    must(!said || atMs % known.everyMs === 0, 'a schedule keeps its times', about)
    if (said) must(atMs - known.decidedMs <= known.everyMs, 'no time of a schedule is passed over', about)
    known.decidedMs = atMs
    if (payloadOf(stored, 'schedule.queued')) known.queued.add(at)
  }

  function begin(known: Known, stored: Stored, { runs }: LogRecord): void {
    const due = payloadOf(stored, 'schedule.due')
    if (!due) return
    const { runId, at, triggered } = due
    const open = [...known.due].filter((run) => !isTerminal(runs.get(run)?.state ?? 'scheduled'))
    const mayBegin = known.mayOverlap || triggered || open.length === 0
    must(mayBegin, 'runs of a schedule do not overlap', `${known.name} at ${at} beside ${open.join(' ')}`)
    known.due.add(runId)
    dueAt.set(runId, at)
  }

  function takeOf(stored: Stored, log: LogRecord): void {
    const { scheduleId } = (stored.payload ?? {}) as { scheduleId?: string }
    const known = schedules.get(scheduleId ?? '')
    if (!known) return
    if (DECIDING.some((kind) => kind === stored.header.kind)) decide(known, stored)
    begin(known, stored, log)
    if (stored.header.kind === 'schedule.resumed')
      known.decidedMs = Math.max(known.decidedMs, lastMinuteOf(stored.header.at))
    const refused = payloadOf(stored, 'schedule.refused')
    if (!refused) return
    must(!log.runs.has(refused.runId), 'what was refused does not start', refused.runId)
    known.due.delete(refused.runId)
  }

  return {
    take(stored, log) {
      const { run = '', at } = stored.header
      const created = payloadOf(stored, 'schedule.created')?.schedule
      if (created)
        schedules.set(created.scheduleId, {
          name: created.name,
          mayOverlap: created.overlap === 'allow',
          everyMs: created.cron.startsWith('*/2') ? 2 * MINUTE_MS : MINUTE_MS,
          decidedMs: lastMinuteOf(at),
          queued: new Set(),
          due: new Set(),
        })
      takeOf(stored, log)
      const by = payloadOf(stored, 'run.scheduled')?.spec.schedule
      if (by) must(dueAt.get(run) === by.at, 'a run of a schedule was due', `${by.name} ${by.at} ${run}`)
    },
    checkStarted({ runs }) {
      for (const { due, name } of schedules.values())
        for (const run of due) must(runs.has(run), 'what is due starts', `${name} ${run}`)
    },
  }
}

/** Times after this one come behind the entry. */
const lastMinuteOf = (at: string): number => Math.floor(Date.parse(at) / MINUTE_MS) * MINUTE_MS

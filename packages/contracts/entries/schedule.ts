import { z } from 'zod'
import { Name, RunId, Timestamp } from '../names.ts'
import { Schedule } from '../schedule.ts'
import { Failure } from './outcome.ts'

const OfSchedule = z.strictObject({ scheduleId: z.uuid(), name: Name })

/** What became of each time of a schedule is on record, also when no run did. */
export const SCHEDULE_ENTRIES = {
  'schedule.created': z.strictObject({ schedule: Schedule }),
  'schedule.paused': OfSchedule,
  'schedule.resumed': OfSchedule,
  'schedule.removed': OfSchedule,
  /** The decision to start this run, before it is started: whoever goes on after a crash starts no other. */
  'schedule.due': OfSchedule.extend({ at: Timestamp, runId: RunId, triggered: z.literal(true).exactOptional() }),
  /** The time waits until the schedule's run has ended. */
  'schedule.queued': OfSchedule.extend({ at: Timestamp }),
  /** No run for the times after `after`, up to `until`. */
  'schedule.skipped': OfSchedule.extend({
    after: Timestamp,
    until: Timestamp,
    why: z.enum(['missed', 'overlap', 'queue_full']),
  }),
  /** The run that was due was not accepted. */
  'schedule.refused': OfSchedule.extend({ at: Timestamp, runId: RunId, error: Failure }),
} as const satisfies Record<string, z.ZodType>

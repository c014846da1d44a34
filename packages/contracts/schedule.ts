import { z } from 'zod'
import { Failure } from './entries/outcome.ts'
import { JsonObject } from './json.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { Scope } from './resources.ts'
import { Budget, PrincipalId, Tenant } from './run.ts'

const INPUT_BYTES_MAX = 65_536

/**
 * Minute, hour, day of month, month and day of week, as in crontab(5): numbers, names, lists, ranges and steps; `L`, `W` and
 * `#` too. No shorter steps than a minute.
 */
export const CronPattern = z
  .string()
  .max(200)
  .regex(
    /^[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4}$/,
    'expected five fields with one space between: minute hour day-of-month month day-of-week',
  )

/** Name of a zone in the IANA time zone database, such as `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/, 'expected a time zone such as Europe/Berlin')

/** What becomes of times that passed while the server was down: none is made up for, the last one, or up to a hundred. */
export const MissedPolicy = z.enum(['skip', 'one', 'all'])
export type MissedPolicy = z.infer<typeof MissedPolicy>

/** What becomes of a time that comes while a run of the schedule has not ended. */
export const OverlapPolicy = z.enum(['skip', 'queue', 'allow'])
export type OverlapPolicy = z.infer<typeof OverlapPolicy>

const WhatToRun = {
  agentId: Name,
  /** The newest at each time when absent. */
  agentVersion: Version.exactOptional(),
  input: JsonObject.default({}).refine(
    (input) => JSON.stringify(input).length <= INPUT_BYTES_MAX,
    'the input of a schedule has at most 64 KiB',
  ),
  scope: Scope.default({ read: [], write: [], hosts: [] }),
  priority: z.int().min(0).max(9).default(5),
  budget: Budget.prefault({}),
  /** A run that has not ended so long after it was scheduled fails. */
  deadlineSeconds: z.int().min(1).max(31_536_000).exactOptional(),
  /** The partition of work whose nodes perform its actions. */
  shard: Name.exactOptional(),
}

/** `POST /api/v1/schedules` */
export const NewSchedule = z.strictObject({
  /** One of a tenant's schedules has it. */
  name: Name,
  cron: CronPattern,
  timeZone: TimeZone.default('UTC'),
  missed: MissedPolicy.default('skip'),
  overlap: OverlapPolicy.default('skip'),
  ...WhatToRun,
})
export type NewSchedule = z.input<typeof NewSchedule>

/** A schedule as it is on record; it never changes. */
export const Schedule = z.strictObject({
  ...NewSchedule.shape,
  scheduleId: z.uuid(),
  tenant: Tenant,
  /** Whose rights its runs have. */
  owner: PrincipalId,
})
export type Schedule = z.infer<typeof Schedule>

/** What became of one time of a schedule, or of several that were skipped together. */
export const Occurrence = z.strictObject({
  /** The time by the schedule; of several the last. */
  at: Timestamp,
  /** `due` until the run is on record. */
  state: z.enum(['due', 'queued', 'started', 'skipped', 'refused']),
  /** Of what was skipped: all times after this one, up to `at`. */
  after: Timestamp.exactOptional(),
  why: z.enum(['missed', 'overlap', 'queue_full']).exactOptional(),
  runId: RunId.exactOptional(),
  error: Failure.exactOptional(),
  /** A person asked for it. */
  triggered: z.literal(true).exactOptional(),
})
export type Occurrence = z.infer<typeof Occurrence>

export const ScheduleView = z.strictObject({
  ...NewSchedule.shape,
  scheduleId: z.uuid(),
  owner: PrincipalId,
  createdAt: Timestamp,
  /** `stopped` for good: who made it was removed. */
  state: z.enum(['active', 'paused', 'stopped']),
  /** The next times, soonest first; none unless it is active. */
  next: z.array(Timestamp),
  /** Newest first. */
  recent: z.array(Occurrence),
  /** Runs of it that have not ended. */
  open: z.array(RunId),
  /** Times that wait for the end of such a run. */
  queued: z.int().min(0),
})
export type ScheduleView = z.infer<typeof ScheduleView>

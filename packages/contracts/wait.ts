import { z } from 'zod'
import { Json } from './json.ts'
import { Timestamp } from './names.ts'

/** Steps with these names wait; no skill may have such a name. */
export const WAIT_TIMER = 'wait.timer'
export const WAIT_SIGNAL = 'wait.signal'
export const isWaitName = (skill: string): skill is typeof WAIT_TIMER | typeof WAIT_SIGNAL =>
  skill === WAIT_TIMER || skill === WAIT_SIGNAL

const YEAR_MS = 366 * 86_400_000
const WaitMs = z
  .int()
  .min(0)
  .max(10 * YEAR_MS)

export const SignalName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits and ".", "_", "-"')

const oneOf = (names: string): string => `say either ${names}`

/** Input of a `wait.timer` step: milliseconds from its beginning, or a time. */
export const TimerInput = z
  .strictObject({ ms: WaitMs.optional(), until: Timestamp.optional() })
  .refine(({ ms, until }) => (ms === undefined) !== (until === undefined), oneOf('ms or until'))

/** Input of a `wait.signal` step. Without a time it waits for as long as the run may. */
export const SignalInput = z
  .strictObject({ name: SignalName, ms: WaitMs.optional(), until: Timestamp.optional() })
  .refine(({ ms, until }) => ms === undefined || until === undefined, oneOf('ms or until, or neither'))

/** Bytes of a signal's data as JSON. */
export const SIGNAL_BYTES_MAX = 262_144
/** Signals of a run that no step has taken yet. */
export const SIGNALS_WAITING_MAX = 1_000

/** `POST /api/v1/runs/{runId}/signals` */
export const SignalRequest = z.strictObject({ name: SignalName, data: Json.default(null) })
export type SignalRequest = z.input<typeof SignalRequest>

/** A signal that is on record. */
export const SignalAccepted = z.strictObject({
  /** Index of its entry. */
  index: z.int().min(0),
  /** True when the same request was on record before. */
  duplicate: z.boolean(),
})
export type SignalAccepted = z.infer<typeof SignalAccepted>

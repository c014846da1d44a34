import { z } from 'zod'
import { JsonObject } from './json.ts'
import { Name, Version } from './names.ts'

/** How a run may end that its effects are undone for. */
export const FailedEnd = z.enum(['fail', 'cancel'])
export type FailedEnd = z.infer<typeof FailedEnd>

/**
 * The action that undoes another one. In its input, `{"$input": "/path"}` and `{"$output": "/path"}` (RFC 6901) stand for
 * values of the action that is undone.
 */
export const Compensation = z.strictObject({
  skill: Name,
  /** Newest registered version when absent. */
  version: Version.exactOptional(),
  input: JsonObject.default({}),
  /** After which ends it is done. */
  on: z.array(FailedEnd).min(1).max(2).default(['fail']),
})
export type Compensation = z.infer<typeof Compensation>

import { z } from 'zod'
import { DEPENDENCIES_MAX } from '../dependency.ts'
import { RunId } from '../names.ts'
import { RunState } from '../run.ts'

/** What became of the runs that a run waits for before it starts. */
export const DEPENDENCY_ENTRIES = {
  /** The last word about them: the run may start, or is cancelled. */
  'dependencies.settled': z.strictObject({
    met: z.boolean(),
    /** All of them when they are met; else those that had ended. */
    ended: z.array(z.strictObject({ run: RunId, state: RunState })).max(DEPENDENCIES_MAX),
  }),
} as const satisfies Record<string, z.ZodType>

import { z } from 'zod'

/** Scores from 0 to 100. */
export const Thresholds = z
  .strictObject({
    /** From this score on an action is allowed. */
    allow: z.int().min(0).max(100),
    /** From this score on people may allow it. */
    review: z.int().min(0).max(100),
  })
  .refine(({ allow, review }) => review <= allow, 'review must not be above allow')
export type Thresholds = z.infer<typeof Thresholds>

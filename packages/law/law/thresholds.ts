import { z } from 'zod'

/** Scores from 0 to 100. */
export const Thresholds = z
  .strictObject({
    /** From this score on an action is allowed. */
    allow: z.int().min(0).max(100),
    /** From this score on people may allow it. */
    review: z.int().min(0).max(100),
    /** How people decide about what lies between. */
    reviews: z
      .strictObject({
        /** Minutes after which a review ends as denied. */
        expiresMinutes: z.int().min(1).max(525_600).default(1_440),
        /** Minutes in which an approval has to be used. */
        useWithinMinutes: z.int().min(1).max(525_600).default(60),
        /** How many similar actions of a run one approval may cover. */
        batchMax: z.int().min(1).max(1_000).default(20),
      })
      .prefault({}),
  })
  .refine(({ allow, review }) => review <= allow, 'review must not be above allow')
export type Thresholds = z.infer<typeof Thresholds>

import { z } from 'zod'
import { Timestamp } from './names.ts'

/** A part of a list. */
export const Page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().optional() })

/** Things on a page. */
export const PageLimit = z.coerce.number().int().min(1).max(200).default(50)

/** Which part of a list is asked for. Runs came about when they were created, reviews when they were asked for. */
export const PageQuery = z.strictObject({
  /** That came about then or later. */
  since: Timestamp.optional(),
  /** That came about before. */
  until: Timestamp.optional(),
  /** By when they came about. */
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: PageLimit,
})

import { z } from 'zod'
import { RunId } from './names.ts'

/** Runs that one run may wait for. */
export const DEPENDENCIES_MAX = 100

/** A run that another one starts after. */
export const Dependency = z.strictObject({
  run: RunId,
  /** `success`: only if it succeeds. `ended`: however it ends. */
  when: z.enum(['success', 'ended']).default('success'),
})
export type Dependency = z.infer<typeof Dependency>

export const Dependencies = z
  .array(Dependency)
  .min(1)
  .max(DEPENDENCIES_MAX)
  .refine((all) => new Set(all.map(({ run }) => run)).size === all.length, 'names a run twice')

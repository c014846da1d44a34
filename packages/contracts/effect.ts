import { z } from 'zod'

/** What a skill may do to the world. All but `none` and `read` are stateful. */
export const Effect = z.enum(['none', 'read', 'write', 'external', 'spend', 'destructive'])
export type Effect = z.infer<typeof Effect>

/** True when any of the effects changes the world, so that acting twice could be noticed. */
export const isStateful = (effects: readonly Effect[]): boolean =>
  effects.some((effect) => effect !== 'none' && effect !== 'read')

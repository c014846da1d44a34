import { z } from 'zod'
import { AbsolutePath, Host } from './names.ts'

const MAX_RESOURCES = 64

/** What an action may touch outside its run's own workspace. Everything that is not listed is unreachable. */
export const Resources = z.strictObject({
  /** Paths of the host that may be read. */
  read: z.array(AbsolutePath).max(MAX_RESOURCES).default([]),
  /** Paths of the host that may be read and written. */
  write: z.array(AbsolutePath).max(MAX_RESOURCES).default([]),
  /** Hosts that may be reached over HTTP(S). */
  hosts: z.array(Host).max(MAX_RESOURCES).default([]),
})
export type Resources = z.infer<typeof Resources>

/** What a run may touch at most, granted by the person who starts it. The agent can't widen it. */
export const Scope = Resources.describe('What the run may touch at most; its agent can not widen it.')
export type Scope = z.infer<typeof Scope>

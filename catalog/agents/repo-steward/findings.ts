import type { Observation } from '@azora/sdk'
import { z } from 'zod'

const Count = z.int().min(0)

/** What the agent reads of the skills' outputs; anything else in them is left aside. */
const Clone = z.object({
  directory: z.string(),
  head: z.string().nullable(),
  branch: z.string().nullable(),
  bare: z.boolean().nullable(),
  empty: z.boolean(),
  files: Count,
  bytes: Count,
})
const Inspection = z.object({
  languages: z.array(z.object({ name: z.string(), files: Count, bytes: Count })),
  licence: z.object({ spdx: z.string(), source: z.string() }).nullable(),
  packageManager: z.string().nullable(),
  test: z.object({ command: z.string(), source: z.string() }).nullable(),
})
const Mark = z.object({ kind: z.string(), file: z.string(), line: z.int(), text: z.string() })
const LargeFile = z.object({ file: z.string(), bytes: Count })
const Secret = z.object({ kind: z.string(), file: z.string(), line: z.int(), masked: z.string() })
const Scan = z.object({
  /** The lists may be shorter than the counts say. */
  markCounts: z.record(z.string(), Count),
  marks: z.array(Mark),
  largeCount: Count,
  largeFiles: z.array(LargeFile),
  secretCount: Count,
  secrets: z.array(Secret),
  truncated: z.boolean(),
})
const History = z.object({
  commits: z.array(z.object({ commit: z.string(), at: z.string(), author: z.string(), subject: z.string() })),
  total: Count,
  authors: Count,
  shallow: z.boolean(),
})
const Tests = z.object({
  command: z.string(),
  state: z.enum(['passed', 'failed', 'timed_out', 'not_runnable']),
  exitCode: z.int(),
  /** Why it was not runnable. */
  reason: z.string().optional(),
  durationMs: z.number(),
  tail: z.string(),
  counts: z.object({ passed: Count, failed: Count }).optional(),
})
const Published = z.object({
  branch: z.string(),
  commit: z.string(),
  pushed: z.boolean(),
  reason: z.string().optional(),
})

export type Inspection = z.infer<typeof Inspection>
export type Scan = z.infer<typeof Scan>
export type Tests = z.infer<typeof Tests>

/** How one step went. `open` means that it was not proposed yet. */
export type Part<T> = { state: 'open' } | { state: 'done'; value: T } | { state: 'missing'; why: string }

/** Everything that the run has found out, by step. */
export interface Findings {
  clone: Part<z.infer<typeof Clone>>
  inspect: Part<Inspection>
  scan: Part<Scan>
  log: Part<z.infer<typeof History>>
  test: Part<Tests>
  publish: Part<z.infer<typeof Published>>
  rewrite: Part<unknown>
  denied: Array<{ stepId: string; skill: string; reason: string }>
}

export function findingsOf(observations: readonly Observation[]): Findings {
  const part = <T>(stepId: string, schema: z.ZodType<T>): Part<T> => {
    const observation = observations.find((candidate) => candidate.stepId === stepId)
    if (!observation) return { state: 'open' }
    if (observation.state !== 'succeeded') return { state: 'missing', why: whyOf(observation) }
    const output = schema.safeParse(observation.output)
    if (output.success) return { state: 'done', value: output.data }
    return { state: 'missing', why: `${observation.skill} answered in a form that this agent doesn't know` }
  }
  return {
    clone: part('clone', Clone),
    inspect: part('inspect', Inspection),
    scan: part('scan', Scan),
    log: part('log', History),
    test: part('test', Tests),
    publish: part('publish', Published),
    rewrite: part('rewrite', z.unknown()),
    denied: observations
      .filter(({ state }) => state === 'denied')
      .map((observation) => ({ stepId: observation.stepId, skill: observation.skill, reason: whyOf(observation) })),
  }
}

const whyOf = ({ state, error }: Observation): string => error?.message ?? `it was ${state}`

export const markTotal = ({ markCounts }: Scan): number =>
  Object.values(markCounts).reduce((sum, count) => sum + count, 0)

/** The value of a part that succeeded. */
export const known = <T>(part: Part<T>): T | undefined => (part.state === 'done' ? part.value : undefined)

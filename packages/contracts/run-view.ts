import { z } from 'zod'
import { ActionView } from './action-view.ts'
import { RunUse } from './budget.ts'
import { DEPENDENCY_ENTRIES } from './entries/dependency.ts'
import { EntryRecord } from './entry.ts'
import { Name, Timestamp } from './names.ts'
import { Page, PageQuery } from './page.ts'
import { AgentRun, PrincipalId, RunState } from './run.ts'

/** Payloads of a run that were erased together. */
export const RunErasure = z.strictObject({
  /** Of the entry that says why. */
  index: z.int().min(0),
  erasureId: z.uuid().exactOptional(),
  rule: z.string(),
  at: Timestamp,
  /** How many of the run's entries lost their payload. */
  entries: z.int().min(1),
})
export type RunErasure = z.infer<typeof RunErasure>

/** That a run was to be cancelled: by whom, when and why. */
export const RunCancel = z.strictObject({ by: PrincipalId, at: Timestamp, reason: z.string().exactOptional() })
export type RunCancel = z.infer<typeof RunCancel>

/** `GET /api/v1/runs/{id}` */
export const RunDetail = AgentRun.extend({
  actions: z.array(ActionView),
  /** What became of the runs in `after`; absent while it waits for them. */
  dependencies: DEPENDENCY_ENTRIES['dependencies.settled'].exactOptional(),
  /** Why it is paused, where somebody said so. */
  pauseReason: z.string().exactOptional(),
  /** Absent where nobody asked for it to be cancelled. */
  cancel: RunCancel.exactOptional(),
  /** Absent for a run without a budget of time, tokens or money. */
  budgetUse: RunUse.exactOptional(),
  /** What is not shown any more, and why; absent when nothing was erased. */
  erasures: z.array(RunErasure).exactOptional(),
})
export type RunDetail = z.infer<typeof RunDetail>

/** `GET /api/v1/runs` */
export const ListRunsQuery = z.strictObject({
  state: RunState.optional(),
  agentId: Name.optional(),
  ...PageQuery.shape,
  /** `next` of the page before. */
  cursor: z.uuid().optional(),
})
export const RunPage = Page(AgentRun)

/** One server-sent event of a run: `id` is the entry's index, `event` its kind. */
export const RunEvent = EntryRecord
export type RunEvent = z.infer<typeof RunEvent>

/** What an action prints, as a server-sent event while it runs. */
export const OutputEvent = z.strictObject({
  stepId: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
})
export type OutputEvent = z.infer<typeof OutputEvent>

import { z } from 'zod'
import { JsonObject } from './json.ts'
import { Name, RunId, Version } from './names.ts'
import { StepId } from './plan.ts'

/** A fork of a fork of a run and so on may be so far from the run that was not forked. */
export const FORK_DEPTH_MAX = 20

/** The run whose outcomes a run took over, and from where it goes its own way. */
export const ForkOf = z.strictObject({
  run: RunId,
  /** The first step that is performed again; absent where the run goes on behind all steps of the other one. */
  step: StepId.exactOptional(),
  /** In place of what the step was proposed with. */
  input: JsonObject.exactOptional(),
  /** 1 for the fork of a run that is no fork. */
  depth: z.int().min(1).max(FORK_DEPTH_MAX),
})
export type ForkOf = z.infer<typeof ForkOf>

/** An entry of another run as the log holds it: its header is the leaf of the log's tree and commits to the payload. */
const TakenEntry = z.strictObject({ header: JsonObject, payload: JsonObject, salt: z.string().regex(/^[0-9a-f]{32}$/) })

/** What a run takes over when it begins. */
export const TakenOver = z.strictObject({
  /** Of the last entry of the other run that was looked at. */
  index: z.int().min(0),
  /** In the order of the log. */
  entries: z.array(TakenEntry),
})
export type TakenOver = z.infer<typeof TakenOver>

/** What `manage` forks: the outcomes of all steps before `from` are taken over, then a new run goes on from there. */
export const ForkRequest = z.strictObject({
  operation: z.literal('fork'),
  runId: RunId,
  from: StepId,
  /** Arguments of that step in place of the proposed ones. */
  input: JsonObject.exactOptional(),
  /** That of the other run when absent. */
  agentVersion: Version.exactOptional(),
})

/** Forks a run that has ended, from where it broke off when no step is named. */
export const RestartRequest = z.strictObject({
  operation: z.literal('restart'),
  runId: RunId,
  from: StepId.exactOptional(),
})

/** Moves a paused run to another version of its agent, to the skills that are offered now, or to both. */
export const MigrateRequest = z.strictObject({
  operation: z.literal('migrate'),
  runId: RunId,
  /** It stays with its version when absent. */
  agentVersion: Version.exactOptional(),
  /** Goes on record. */
  reason: z.string().max(500).exactOptional(),
  /** Steps that were not judged yet use the versions that are offered now. */
  skills: z.boolean().exactOptional(),
})

/** The entry by which a run moves to the skills that were offered before it. */
export const SkillsMigrated = z.strictObject({ reason: z.string().max(500).exactOptional() })

/** The entry by which a run moves to another version of its agent. */
export const Migrated = z.strictObject({
  agentId: Name,
  from: Version,
  to: Version,
  reason: z.string().max(500).exactOptional(),
})

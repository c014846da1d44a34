import { z } from 'zod'
import { Share } from './budget.ts'
import { JsonObject } from './json.ts'
import { Name, RunId, Version } from './names.ts'
import { StepId } from './plan.ts'
import { SkillManifest } from './skill.ts'

/** Steps of this skill start another agent's run, a child, and end when it has ended. */
export const RUN_START = 'run.start'
/** Children of one run, counting those of repeated attempts. */
export const CHILDREN_MAX = 100
/** Runs between a run and the one at the root, both counted. */
export const CHILD_DEPTH_MAX = 8

/** Input of a `run.start` step. */
export const ChildInput = z.strictObject({
  agent: Name,
  /** Newest registered version when absent. */
  version: Version.exactOptional(),
  input: JsonObject.default({}),
  /** Actions that the child may propose at most. They are taken from the parent's budget. */
  actions: z.int().min(1).max(1000).default(10),
  /** Time, tokens and money that it may use at most. They are taken from the parent's budget; what is absent is an equal part. */
  ...Share.shape,
})
export type ChildInput = z.infer<typeof ChildInput>

/** The step that a run was started by. */
export const ParentRef = z.strictObject({
  run: RunId,
  step: StepId,
  /** 1 for the step's first child. */
  attempt: z.int().min(1),
  /** 1 for a child of a run that has no parent. */
  depth: z.int().min(1).max(CHILD_DEPTH_MAX),
})
export type ParentRef = z.infer<typeof ParentRef>

/** The skill as the registry keeps it. No node performs it: the orchestrator does. */
export const RUN_START_SKILL: SkillManifest = SkillManifest.parse({
  skillId: RUN_START,
  version: '1.1.0',
  title: 'Start a run of another agent',
  description: 'Starts a run of another agent and waits for its end. Its output is the output of that run.',
  effects: ['external'],
  idempotent: true,
  workspace: 'none',
  resources: {},
  // To wait is no work: budgets of agents and tenants keep next to no time for it.
  limits: { wallMs: 100 },
  policies: [],
  inputSchema: z.toJSONSchema(ChildInput, { io: 'input' }),
  outputSchema: {},
  entrypoint: 'orchestrator',
  codeDigest: 'e6aa9c6668bc11b0d92c348bcffede50c730e498f1ccb1ed8e2375571137d715',
})

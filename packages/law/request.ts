import type { Effect, Formats, Json, Plan, PrincipalId, Reason, Resources, Scope } from '@azora/contracts'

/** A run that is about to hand over its final output. */
export interface OutputRequest {
  runId: string
  tenant: string
  principal: PrincipalId
  outputs: Json
  /** What the run has read, for claims that cite it. */
  sources?: readonly Source[]
}

/** A text that the run has read, under the SHA-256 of its UTF-8 form in hexadecimal. */
export interface Source {
  digest: string
  text: string
}

/** What a skill brought back into the run. */
export interface Observation {
  skillId: string
  effects: readonly Effect[]
  resources: Resources
  output: Json
}

/** A plan before its first step, with what each step declares as far as it is known. */
export interface PlanRequest {
  runId: string
  tenant: string
  principal: PrincipalId
  owner: PrincipalId
  scope: Scope
  declaredSkills?: readonly string[]
  steps: readonly PlannedStep[]
}

export interface PlannedStep {
  step: Plan['steps'][number]
  /** Absent for a skill that the registry doesn't know. */
  skill?: { effects: readonly Effect[]; workspace: 'none' | 'read' | 'write'; formats?: Formats | undefined }
  /** What its input asks for, as far as the input is bound already. */
  resources: Resources
}

/** A person who wants to decide a review. */
export interface DecisionRequest {
  reviewId: string
  decider: { id: PrincipalId; tenant: string; roles: readonly string[] }
  /** Who proposed the action, and who changed its arguments since. */
  requesters: readonly PrincipalId[]
  runOwner: PrincipalId
  effects: readonly Effect[]
  /** Why it waits for people. */
  reasons: readonly Reason[]
}

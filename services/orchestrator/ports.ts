import type {
  Action,
  AgentManifest,
  Failure,
  FromAgent,
  Json,
  JsonObject,
  NoIsolation,
  Observation,
  Outcome,
  PerformRequest,
  SecretUse,
} from '@azora/contracts'
import type { Gate as LawGate } from '@azora/law'

/** The part of the constitution that the orchestrator asks. Answers are pure and never throw. */
export interface Gate extends LawGate {
  readonly digest: string
}

export type PerformResult =
  | { kind: 'outcome'; outcome: Outcome }
  /** A node refused, or went away before it was asked; that is journaled. */
  | { kind: 'refused'; error: Failure; node: string }
  /** It was sent, and nobody knows how it ended. */
  | { kind: 'lost'; node: string }
  /** It was never sent. */
  | { kind: 'aborted' }

/** A place on a node, held for one action. */
export interface Slot {
  /** Whom the permission has to name: this life of the node. */
  readonly audience: string
  /** What keeps code there. */
  readonly isolation: string
  /** Uses the slot up. */
  perform(request: Omit<PerformRequest, 'type' | 'id'>, signal: AbortSignal): Promise<PerformResult>
  /** Gives the slot back unused. */
  release(): void
}

/** Hands actions to execution nodes. */
export interface Performer {
  /** `none` when a node of the shard that is connected has no isolation. */
  isolation(shard: string): NoIsolation | undefined
  /**
   * Waits for a place on a node of the shard. Undefined when the signal fires first. Throws `overloaded` when too many
   * wait.
   */
  reserve(need: { shard: string; codeDigest: string }, signal: AbortSignal): Promise<Slot | undefined>
}

/** On which terms an action can use a secret; undefined for a secret that there is not. Its value is never asked for here. */
export type SecretTermsOf = (
  tenant: string,
  name: string,
) => (Pick<SecretUse, 'hosts' | 'place' | 'leaseMs'> & { environment: boolean }) | undefined

/** Where an agent's code runs: a process that can only answer. */
export interface AgentHost {
  recognize(agent: AgentProcess, request: { runId: string; input: JsonObject }): Promise<Json>
  reason(agent: AgentProcess, request: ReasonRequest): Promise<Extract<FromAgent, { type: 'plan' | 'done' }>>
}

export interface AgentProcess {
  agentId: AgentManifest['agentId']
  version: AgentManifest['version']
  entrypoint: AgentManifest['entrypoint']
  codeDigest: AgentManifest['codeDigest']
  tenant: Action['tenant']
}

export interface ReasonRequest {
  runId: string
  input: JsonObject
  pattern: Json
  turn: number
  observations: Observation[]
}

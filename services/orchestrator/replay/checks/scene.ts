import type { Entry, EntryKind, Json, JsonObject } from '@azora/contracts'
import type { AgentAnswer } from '../../driving/turn.ts'
import type { ReasonRequest } from '../../ports.ts'
import type { Check } from '../check.ts'
import type { Past } from '../past.ts'
import type { Laws } from '../ports.ts'

/** An agent that answers a replay's questions. Rejects as an agent host does. */
export interface Mind {
  recognize(request: { runId: string; input: JsonObject }): Promise<Json>
  reason(request: ReasonRequest): Promise<AgentAnswer>
}

/** What a check may look at. */
export interface Scene {
  past: Past
  laws: Pick<Laws, 'byDigest' | 'inForceAt'>
  /** Absent when the recorded answers are taken for given; then a text says why. */
  mind: Mind | string
}

export type Checker<K extends EntryKind> = (scene: Scene, entry: Entry<K> & Entry) => Promise<Check[]> | Check[]

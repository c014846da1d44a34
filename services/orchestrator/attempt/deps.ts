import type { Clock } from '@azora/base'
import type { Committed, Draft } from '@azora/journal'
import type { Registry } from '@azora/skills'
import type { Budgets } from '../budgets/budgets.ts'
import type { Conclude } from '../driving/ahead.ts'
import type { RequestReview } from '../driving/asking.ts'
import { SYSTEM } from '../driving/moves.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { proposerOf } from '../judging/action.ts'
import type { Gate, Performer, SecretTermsOf } from '../ports.ts'

export interface AttemptDeps {
  /** Resolves when the entry is durable. */
  append(draft: Draft): Promise<Committed>
  conclude: Conclude
  gate: Gate
  registry: Pick<Registry, 'skill' | 'agent' | 'checkSkillInput'>
  performer: Performer
  secretTermsOf: SecretTermsOf
  clock: Clock
  requestReview: RequestReview
  budgets: Budgets
  /** Pauses the run for a budget that leaves no room, until people resume it. */
  pause: (reason: string, budget: string) => Promise<void>
}

/** What all entries of a run say by which its steps go on. */
export const common = ({ spec }: RunFold) => ({
  tenant: spec.tenant,
  actor: spec.plan ? SYSTEM : proposerOf(spec),
  run: spec.runId,
})

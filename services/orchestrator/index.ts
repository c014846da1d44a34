export type { LedgerChanges } from './budgets/ledger.ts'
export type { Caller } from './commands/schedule.ts'
export {
  createOrchestrator,
  type Orchestrator,
  type OrchestratorDeps,
  openOrchestrator,
} from './orchestrator.ts'
export type { AgentHost, AgentProcess, Gate, Performer, PerformResult, ReasonRequest } from './ports.ts'
export type { Laws, OwnHost, ReplayAgents } from './replay/ports.ts'
export { createReplayer, type Replayer } from './replay/service.ts'
export type { Decider } from './reviews/decide.ts'
export { noReview } from './reviews/no-review.ts'
export type { ReviewPage, ReviewQuery } from './reviews/reviews.ts'
export { createSchedules, type Schedules } from './schedules/schedules.ts'
export type { AskedReview, RunChange } from './store/run-change.ts'
export type { RunStore } from './store/runs.ts'

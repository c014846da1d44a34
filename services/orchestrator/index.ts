export type { Decider } from './decide-review.ts'
export { createOrchestrator, type Orchestrator, type OrchestratorDeps } from './orchestrator.ts'
export type { AgentHost, AgentProcess, Gate, Performer, PerformResult, ReasonRequest } from './ports.ts'
export type { Caller } from './schedule.ts'

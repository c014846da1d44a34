import { nodes } from './nodes.ts'
import type { Operation } from './operation.ts'
import { orchestrator } from './orchestrator.ts'
import { reviews } from './reviews.ts'
import { runs } from './runs.ts'

/** A method of a service in proto/azora, as the operation that it is. */
export interface Rpc {
  /**
   * Fields of the request message with the name of a path parameter are that parameter; the others are members of the body,
   * or of the query where there is no body. HTTP headers are metadata under the same names.
   */
  readonly operation: Operation
  /** Members of the body that the method says by its name. */
  readonly body?: Readonly<Record<string, string>>
  /** Fields that are HTTP headers, by the name of the header. */
  readonly headers?: Readonly<Record<string, string>>
  /** The field of the response message that holds the answer; the message itself when absent. */
  readonly answer?: string
}

const { manage, execute, plan, verify } = orchestrator

/** Every method of our services, by its name in full. */
export const rpcs: Readonly<Record<string, Rpc>> = {
  'azora.v1.RunService.CreateRun': { operation: manage, body: { operation: 'create' } },
  'azora.v1.RunService.RetryRun': { operation: manage, body: { operation: 'retry' } },
  'azora.v1.RunService.ForkRun': { operation: manage, body: { operation: 'fork' } },
  'azora.v1.RunService.RestartRun': { operation: manage, body: { operation: 'restart' } },
  'azora.v1.RunService.MigrateRun': { operation: manage, body: { operation: 'migrate' } },
  'azora.v1.RunService.CancelRun': { operation: manage, body: { operation: 'cancel' } },
  'azora.v1.RunService.PauseRun': { operation: manage, body: { operation: 'pause' } },
  'azora.v1.RunService.ResumeRun': { operation: manage, body: { operation: 'resume' } },
  'azora.v1.RunService.SignalRun': { operation: runs.signal },
  'azora.v1.RunService.ExecuteSkill': { operation: execute },
  'azora.v1.RunService.ExecutePlan': { operation: plan },
  'azora.v1.RunService.VerifySkill': { operation: verify },
  'azora.v1.RunService.GetRun': { operation: runs.get, answer: 'run' },
  'azora.v1.RunService.ListRuns': { operation: runs.list },
  'azora.v1.RunService.WatchRun': { operation: runs.events },
  'azora.v1.ReviewService.ListReviews': { operation: reviews.list },
  'azora.v1.ReviewService.GetReview': { operation: reviews.get, answer: 'review' },
  'azora.v1.ReviewService.DecideReview': { operation: reviews.decide },
  'azora.v1.NodeService.ListNodes': { operation: nodes.list },
}

import { z } from 'zod'
import { ExecuteRequest, ManageRequest, RunAccepted, VerifyRequest, VerifyResponse } from '../orchestrate.ts'
import { RunEnded, RunPlanRequest } from '../plan-run.ts'
import { idempotencyHeaders } from './idempotency.ts'
import { operation } from './operation.ts'

const IdempotencyHeaders = idempotencyHeaders('A repeated request with the same key gets the first one’s run.')

const AnswerHeaders = IdempotencyHeaders.extend({
  prefer: z
    .string()
    .max(200)
    .optional()
    .describe('`wait=10` answers when the run has ended, with 200, or after so many seconds, with 202.'),
})

/** Commands: create and control runs, perform one skill or a plan, ask for a verdict. */
export const orchestrator = {
  manage: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/manage',
    summary: 'Create or control a run',
    permission: 'run.manage',
    scope: 'tenant',
    forSomeRuns: true,
    ifMatch: '/api/v1/runs/{runId}',
    headers: IdempotencyHeaders,
    body: ManageRequest,
    problems: [
      'run_not_found',
      'agent_not_found',
      'illegal_transition',
      'run_not_ended',
      'run_erased',
      'step_not_found',
      'step_compensated',
      'nothing_failed',
      'fork_too_deep',
      'run_without_agent',
      'run_not_paused',
      'run_without_budget',
      'run_busy',
      'history_diverges',
      'migration_empty',
      'agent_code_changed',
      'agent_code_gone',
      'not_replayable',
      'replay_timeout',
      'idempotency_key_reused',
      'invalid_input',
      'payload_too_large',
      'queue_full',
      'rate_limited',
      'payload_unreadable',
      'payload_key_missing',
    ],
    responses: { 200: RunAccepted, 201: RunAccepted },
  }),
  execute: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/execute',
    summary: 'Perform one skill',
    permission: 'run.create',
    scope: 'tenant',
    forSomeRuns: true,
    headers: AnswerHeaders,
    body: ExecuteRequest,
    problems: [
      'skill_not_found',
      'invalid_input',
      'idempotency_key_reused',
      'payload_too_large',
      'queue_full',
      'rate_limited',
    ],
    responses: { 200: RunEnded, 202: RunAccepted },
  }),
  plan: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/plan',
    summary: 'Perform a plan that is known beforehand, without an agent',
    permission: 'run.create',
    scope: 'tenant',
    forSomeRuns: true,
    headers: AnswerHeaders,
    body: RunPlanRequest,
    problems: [
      'skill_not_found',
      'plan_invalid',
      'actions_exceeded',
      'idempotency_key_reused',
      'payload_too_large',
      'queue_full',
      'rate_limited',
    ],
    responses: { 200: RunEnded, 202: RunAccepted },
  }),
  verify: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/verify',
    summary: 'The verdict that a skill would get; nothing is done',
    permission: 'verdict.ask',
    scope: 'tenant',
    body: VerifyRequest,
    isSafe: true,
    problems: ['skill_not_found', 'invalid_input', 'invalid_resource', 'invalid_secret', 'input_too_large'],
    responses: { 200: VerifyResponse },
  }),
}

import { z } from 'zod'
import { ExecuteRequest, ManageRequest, RunAccepted, VerifyRequest, VerifyResponse } from '../api.ts'
import { operation } from './operation.ts'

const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A repeated request with the same key gets the first one’s run.'),
})

/** Commands: create and control runs, perform one skill, ask for a verdict. */
export const orchestrator = {
  manage: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/manage',
    summary: 'Create or control a run',
    access: 'owner',
    headers: IdempotencyHeaders,
    body: ManageRequest,
    responses: { 200: RunAccepted, 201: RunAccepted },
  }),
  execute: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/execute',
    summary: 'Perform one skill',
    access: 'owner',
    headers: IdempotencyHeaders,
    body: ExecuteRequest,
    responses: { 202: RunAccepted },
  }),
  verify: operation({
    method: 'POST',
    path: '/api/v1/orchestrator/verify',
    summary: 'The verdict that a skill would get; nothing is done',
    access: 'owner',
    body: VerifyRequest,
    responses: { 200: VerifyResponse },
  }),
}

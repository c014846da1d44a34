import { ExecuteRequest, ManageRequest, RunAccepted, VerifyRequest, VerifyResponse } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import { z } from 'zod'
import type { App } from '../app.ts'

const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A repeated request with the same key gets the first one’s run.'),
})

/** Commands: create and control runs, perform one skill, ask for a verdict. */
export function orchestratorRoutes(app: App, orchestrator: Orchestrator): void {
  app.route({
    method: 'POST',
    url: '/api/v1/orchestrator/manage',
    config: { access: 'owner' },
    schema: {
      summary: 'Create or control a run',
      body: ManageRequest,
      headers: IdempotencyHeaders,
      response: { 200: RunAccepted, 201: RunAccepted },
    },
    handler: async ({ principal, body, headers }, reply) => {
      const key = headers['idempotency-key']
      switch (body.operation) {
        case 'create': {
          const { operation: _operation, ...run } = body
          return reply.code(201).send(await orchestrator.create(principal, run, key))
        }
        case 'retry':
          return reply.code(201).send(await orchestrator.retry(principal, body.runId, key))
        case 'cancel':
          return orchestrator.cancel(principal, body.runId, body.reason)
        case 'pause':
          return orchestrator.pause(principal, body.runId, body.reason)
        case 'resume':
          return orchestrator.resume(principal, body.runId)
      }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/orchestrator/execute',
    config: { access: 'owner' },
    schema: {
      summary: 'Perform one skill',
      body: ExecuteRequest,
      headers: IdempotencyHeaders,
      response: { 202: RunAccepted },
    },
    handler: async ({ principal, body, headers }, reply) =>
      reply.code(202).send(await orchestrator.execute(principal, body, headers['idempotency-key'])),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/orchestrator/verify',
    config: { access: 'owner' },
    schema: {
      summary: 'The verdict that a skill would get; nothing is done',
      body: VerifyRequest,
      response: { 200: VerifyResponse },
    },
    handler: async ({ principal, body }) => orchestrator.verify(principal, body),
  })
}

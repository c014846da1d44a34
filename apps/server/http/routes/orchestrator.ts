import { operations } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { manage, execute, verify } = operations.orchestrator

/** Commands: create and control runs, perform one skill, ask for a verdict. */
export function orchestratorRoutes(app: App, orchestrator: Orchestrator): void {
  serve(app, manage, async ({ principal, body, headers }, reply) => {
    const key = headers['idempotency-key']
    switch (body.operation) {
      case 'create': {
        const { operation: _operation, ...run } = body
        reply.code(201)
        return orchestrator.create(principal, run, key)
      }
      case 'retry':
        reply.code(201)
        return orchestrator.retry(principal, body.runId, key)
      case 'cancel':
        return orchestrator.cancel(principal, body.runId, body.reason)
      case 'pause':
        return orchestrator.pause(principal, body.runId, body.reason)
      case 'resume':
        return orchestrator.resume(principal, body.runId)
    }
  })
  serve(app, execute, async ({ principal, body, headers }) =>
    orchestrator.execute(principal, body, headers['idempotency-key']),
  )
  serve(app, verify, async ({ principal, body }) => orchestrator.verify(principal, body))
}

import { operations, type RunAccepted, type RunEnded, waitIn } from '@azora/contracts'
import type { Orchestrator, Replayer } from '@azora/orchestrator'
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import type { Call } from '../call.ts'
import { serve } from '../serve.ts'

const { manage, execute, plan, verify } = operations.orchestrator

/** Commands: create and control runs, perform one skill or a plan, ask for a verdict. */
export function orchestratorRoutes(app: App, orchestrator: Orchestrator, replayer: Pick<Replayer, 'replay'>): void {
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
      case 'fork': {
        const { operation: _operation, runId, ...fork } = body
        reply.code(201)
        return orchestrator.fork(principal, runId, fork, key)
      }
      case 'restart':
        reply.code(201)
        return orchestrator.restart(principal, body.runId, body.from, key)
      case 'migrate': {
        const { operation: _operation, runId, ...to } = body
        return orchestrator.migrate(principal, runId, to, replayer.replay)
      }
      case 'cancel':
        return orchestrator.cancel(principal, body.runId, body.reason)
      case 'pause':
        return orchestrator.pause(principal, body.runId, body.reason)
      case 'resume':
        return orchestrator.resume(principal, body.runId, body.budget)
    }
  })
  serve(app, execute, async ({ principal, body, headers, signal }, reply) => {
    const accepted = await orchestrator.execute(principal, body, headers['idempotency-key'])
    return endOf(orchestrator, accepted, { headers, signal }, reply)
  })
  serve(app, plan, async ({ principal, body, headers, signal }, reply) => {
    const accepted = await orchestrator.performPlan(principal, body, headers['idempotency-key'])
    return endOf(orchestrator, accepted, { headers, signal }, reply)
  })
  serve(app, verify, async ({ principal, body }) => orchestrator.verify(principal, body))
}

/** How the run ended, for those who prefer to wait (RFC 7240, section 4.3), if it ends in time. */
async function endOf(
  orchestrator: Orchestrator,
  accepted: RunAccepted,
  { headers: { prefer, 'idempotency-key': key }, signal }: Pick<Call<typeof plan>, 'headers' | 'signal'>,
  reply: FastifyReply,
): Promise<RunAccepted | RunEnded> {
  const seconds = waitIn(prefer)
  const ended = seconds ? await orchestrator.ended(accepted.runId, seconds * 1_000, !key, signal) : undefined
  if (seconds !== undefined) reply.header('preference-applied', `wait=${seconds}`)
  reply.code(ended ? 200 : 202)
  return ended ?? accepted
}

import type { Constitution } from '@azora/constitution'
import { type BacktestEvent, type BacktestRequest, operations } from '@azora/contracts'
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import { streamJob } from '../job-stream.ts'
import { serve } from '../serve.ts'

const { get, versions, files, activate, backtest } = operations.constitution

/** The law in force, its versions, how it is replaced, and what a draft would have done. */
export function constitutionRoutes(app: App, constitution: Constitution): void {
  serve(app, get, async () => constitution.current())
  serve(app, versions, async () => ({ items: await constitution.versions() }))
  serve(app, files, async ({ params }) => ({ items: await constitution.files(params.digest) }))
  serve(app, activate, async ({ principal, body }) => constitution.activate(body, principal))
  serve(app, backtest, async ({ body }, reply) => streamBacktest(constitution, body, reply))
}

const streamBacktest = (
  constitution: Pick<Constitution, 'backtest'>,
  request: BacktestRequest,
  reply: FastifyReply,
): Promise<void> =>
  streamJob<BacktestEvent>(reply, 'the backtest', async ({ signal, send, progress }) => {
    const result = await constitution.backtest(request, {
      signal,
      onProgress: (at) => progress({ type: 'progress', ...at }),
    })
    send({ type: 'result', result })
  })

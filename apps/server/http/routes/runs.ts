import { Readable } from 'node:stream'
import type { Evidence } from '@azora/bundles'
import { BUNDLE_MEDIA_TYPE, operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { readerOf } from '../access.ts'
import type { App } from '../app.ts'
import { streamRun } from '../event-stream.ts'
import { serve } from '../serve.ts'
import { streamRunToSocket } from '../socket-stream.ts'

export interface RunRouteDeps {
  orchestrator: Orchestrator
  /** Runs are read within a tenant here, and in no other way. */
  journal: Pick<Journal, 'subscribe' | 'within'>
  evidence: Evidence
}

const { runs } = operations

/** Reads: runs, their actions, entries, events and evidence. */
export function runRoutes(app: App, { orchestrator, journal, evidence }: RunRouteDeps): void {
  serve(app, runs.list, async ({ principal, query }) => orchestrator.list(principal, query))
  serve(app, runs.get, async ({ principal, params }) => orchestrator.show(principal, params.runId))
  serve(app, runs.actions, async ({ principal, params }) => ({
    items: (await orchestrator.show(principal, params.runId)).actions,
  }))
  serve(app, runs.entries, async ({ principal, params }) => {
    await orchestrator.show(principal, params.runId)
    return { items: await journal.within(principal.tenant).records(params.runId) }
  })
  serve(app, runs.signal, async ({ principal, params, body, headers }) =>
    orchestrator.signal(principal, params.runId, body, headers['idempotency-key']),
  )
  serve(app, runs.evidence, async ({ principal, params }, reply) => {
    await orchestrator.show(principal, params.runId)
    const lines = await evidence.bundle(principal.tenant, params.runId)
    return reply.type(BUNDLE_MEDIA_TYPE).send(Readable.from(lines.map((line) => `${line}\n`)))
  })
  serve(
    app,
    runs.events,
    async ({ principal, caller, params, query, headers }, reply) => {
      await orchestrator.show(principal, params.runId)
      const after = headers['last-event-id'] ?? query.afterIndex ?? -1
      await streamRun(journal, params.runId, after, readerOf({ principal, caller }), reply)
    },
    {
      wsHandler: (socket, { principal, caller, params, query }) => {
        const { runId } = params as { runId: string }
        const { afterIndex: after = -1 } = query as { afterIndex?: number }
        const admit = (): Promise<unknown> => orchestrator.show(principal, runId)
        return streamRunToSocket(journal, { runId, after, reader: readerOf({ principal, caller }), admit }, socket)
      },
    },
  )
}

import { RunId } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { z } from 'zod'
import type { LiveOutput } from '../../live-output.ts'
import type { App } from '../app.ts'
import { streamOutput } from '../output-stream.ts'

export interface OutputRouteDeps {
  orchestrator: Pick<Orchestrator, 'show'>
  journal: Pick<Journal, 'subscribe'>
  live: LiveOutput
}

/** What actions print, while they print it. */
export function outputRoutes(app: App, { orchestrator, journal, live }: OutputRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/output',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'What the run’s actions print from now on, as server-sent events, until the run has ended',
      params: z.strictObject({ runId: RunId }),
    },
    handler: async ({ principal, params }, reply) => {
      await streamOutput(
        {
          live,
          journal,
          isOver: async () => (await orchestrator.show(principal, params.runId)).finishedAt !== undefined,
        },
        params.runId,
        principal,
        reply,
      )
    },
  })
}

import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import type { LiveOutput } from '../../live-output.ts'
import { readerOf } from '../access.ts'
import type { App } from '../app.ts'
import { streamOutput } from '../output-stream.ts'
import { serve } from '../serve.ts'

export interface OutputRouteDeps {
  orchestrator: Pick<Orchestrator, 'show'>
  journal: Pick<Journal, 'subscribe'>
  live: LiveOutput
}

/** What actions print, while they print it. */
export function outputRoutes(app: App, { orchestrator, journal, live }: OutputRouteDeps): void {
  serve(app, operations.runs.output, async ({ principal, caller, params }, reply) => {
    const isOver = async (): Promise<boolean> =>
      (await orchestrator.show(principal, params.runId)).finishedAt !== undefined
    await streamOutput({ live, journal, isOver }, params.runId, readerOf({ principal, caller }), reply)
  })
}

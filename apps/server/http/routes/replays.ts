import { operations, type ReplaysEvent } from '@azora/contracts'
import type { Orchestrator, Replayer } from '@azora/orchestrator'
import { requireForRun } from '../../some-runs.ts'
import type { App } from '../app.ts'
import { streamJob } from '../job-stream.ts'
import { serve } from '../serve.ts'

const { runs, replays } = operations

/** Recorded decisions, made again. */
export function replayRoutes(app: App, replayer: Replayer, orchestrator: Pick<Orchestrator, 'show'>): void {
  serve(app, runs.replay, async ({ principal, params, body }, reply) => {
    await requireForRun(orchestrator, principal, 'run.replay', params.runId)
    const gone = new AbortController()
    reply.raw.on('close', () => gone.abort())
    return replayer.replay(principal, params.runId, body, { signal: gone.signal })
  })
  serve(app, replays.start, async ({ principal, body }, reply) =>
    streamJob<ReplaysEvent>(reply, 'the replay', async ({ signal, send, progress }) => {
      const result = await replayer.replayRecorded(principal, body, {
        signal,
        onProgress: (at) => progress({ type: 'progress', ...at }),
        onRun: (run) => send({ type: 'run', run }),
      })
      send({ type: 'result', result })
    }),
  )
}

import { ReplayReport, ReplayRequest, type ReplaysEvent, ReplaysRequest, RunId } from '@azora/contracts'
import type { Replayer } from '@azora/orchestrator'
import { z } from 'zod'
import type { App } from '../app.ts'
import { streamJob } from '../job-stream.ts'

/** A draft of a constitution, or of an agent, is larger than an ordinary body. */
const BODY_BYTES_MAX = 16 * 1024 * 1024

/** Recorded decisions, made again. */
export function replayRoutes(app: App, replayer: Replayer): void {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:runId/replay',
    config: { access: 'owner' },
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      summary: 'Makes the decisions of a run again and compares them with the record; nothing is done',
      params: z.strictObject({ runId: RunId }),
      body: ReplayRequest,
      response: { 200: ReplayReport },
    },
    async handler({ principal, params, body }, reply) {
      const gone = new AbortController()
      reply.raw.on('close', () => gone.abort())
      return replayer.replay(principal, params.runId, body, { signal: gone.signal })
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/replays',
    config: { access: 'owner' },
    schema: {
      summary: 'Replays runs that have ended, as server-sent events with the summary last',
      body: ReplaysRequest,
    },
    handler: async ({ principal, body }, reply) =>
      streamJob<ReplaysEvent>(reply, 'the replay', async ({ signal, send, progress }) => {
        const result = await replayer.replayRecorded(principal, body, {
          signal,
          onProgress: (at) => progress({ type: 'progress', ...at }),
          onRun: (run) => send({ type: 'run', run }),
        })
        send({ type: 'result', result })
      }),
  })
}

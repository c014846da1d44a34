import { AzoraError } from '@azora/base'
import type { JsonObject, Rpc } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import type { DescMethodServerStreaming } from '@bufbuild/protobuf'
import type { MethodImpl } from '@connectrpc/connect'
import { readerOf } from '../http/access.ts'
import type { RunSource } from '../http/follow-run.ts'
import { callIn } from './call.ts'
import { contractJson, messageOf } from './json.ts'
import { recordsOf } from './records.ts'
import { requestOf } from './request.ts'

/** Runs that are watched at one time, by all callers together. */
const WATCHES_MAX = 1_000

export interface WatchDeps {
  orchestrator: Pick<Orchestrator, 'show'>
  journal: RunSource
  watchesMax?: number
}

/** The entries of a run as a stream of messages. Throws `overloaded` when too many watch. */
export function watchMethod(
  { input, output }: DescMethodServerStreaming,
  rpc: Rpc,
  { orchestrator, journal, watchesMax = WATCHES_MAX }: WatchDeps,
): MethodImpl<DescMethodServerStreaming> {
  let watches = 0
  return async function* (message, context) {
    const { request } = callIn(context)
    const { params, query } = requestOf(rpc, contractJson(input, message), request.headers)
    const { runId } = params as { runId: string }
    const { afterIndex: after = -1 } = query as { afterIndex?: number }
    // Whoever may not see the run learns it before anything else.
    await orchestrator.show(request.principal, runId)
    if (watches >= watchesMax) throw tooMany(watchesMax)
    watches += 1
    try {
      for await (const record of recordsOf(journal, { runId, after, reader: readerOf(request) }, context.signal))
        yield messageOf(output, record as JsonObject)
      context.signal.throwIfAborted()
    } finally {
      watches -= 1
    }
  }
}

const tooMany = (most: number): AzoraError =>
  new AzoraError('retry', 'overloaded', `${most} runs are being watched, more than that may not`, {
    retryAfterMs: 5_000,
  })

import type { PerformRequest } from '@azora/contracts'
import type { Dispatcher, PerformResult } from '../dispatch/dispatcher.ts'

/** Takes a place on a node and uses it, whomever the proof is for. */
export async function performVia(
  dispatcher: Dispatcher,
  request: Omit<PerformRequest, 'type' | 'id'>,
  signal: AbortSignal,
  shard = 'main',
): Promise<PerformResult> {
  const slot = await dispatcher.reserve({ shard, codeDigest: request.action.codeDigest }, signal)
  return slot ? slot.perform(request, signal) : { kind: 'aborted' }
}

/** Resolves when a node has room. */
export async function aNodeOf(dispatcher: Dispatcher, signal: AbortSignal): Promise<void> {
  const slot = await dispatcher.reserve({ shard: 'main', codeDigest: '' }, signal)
  slot?.release()
}

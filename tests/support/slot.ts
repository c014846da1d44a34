import type { PerformRequest, Permission } from '@azora/contracts'
import type { Dispatcher, PerformResult } from '@azora/execution'

const NEVER = new AbortController().signal

/** Takes a place on a node and uses it, whomever the proof is for. */
export async function performOn(
  dispatcher: Dispatcher,
  request: Omit<PerformRequest, 'type' | 'id'>,
): Promise<PerformResult> {
  const slot = await dispatcher.reserve({ shard: 'main', codeDigest: request.action.codeDigest }, NEVER)
  return slot ? slot.perform(request, NEVER) : { kind: 'aborted' }
}

/** Whom a permission has to name for the next action; resolves when a node has room. */
export async function nextAudience(dispatcher: Dispatcher): Promise<Permission['audience']> {
  const slot = await dispatcher.reserve({ shard: 'main', codeDigest: '' }, NEVER)
  slot?.release()
  return slot?.audience ?? ''
}

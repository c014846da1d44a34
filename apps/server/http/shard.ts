import { AzoraError } from '@azora/base'
import { z } from 'zod'

/** A journal shard in an address: the last segment of its name. */
export const ShardParams = z.strictObject({ shard: z.string().max(100) })

/** Throws `shard_not_found` unless the address means this shard. */
export function assertShard(given: string, shard: string): void {
  if (given === shard.split('/').at(-1)) return
  throw new AzoraError('missing', 'shard_not_found', `there is no journal shard ${given}`)
}

import { AzoraError } from '@azora/base'

/** Throws `shard_not_found` unless the address means this shard. */
export function assertShard(given: string, shard: string): void {
  if (given === shard.split('/').at(-1)) return
  throw new AzoraError('missing', 'shard_not_found', `there is no journal shard ${given}`)
}

import { z } from 'zod'

/** A journal shard in an address: the last segment of its name. */
export const ShardParams = z.strictObject({ shard: z.string().max(100) })

import { z } from 'zod'
import { NodeView } from './node-protocol.ts'
import { WitnessingView } from './witnessing.ts'

export const Health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeMs: z.number(),
  database: z.enum(['ok', 'unreachable']),
  nodes: z.array(NodeView),
  /** Digest of the law in force. */
  constitution: z.string(),
  /** Why everything is denied, or how the server's folder differs from the law in force. */
  constitutionNote: z.string().exactOptional(),
  journal: z.strictObject({ shard: z.string(), size: z.int(), epoch: z.int(), key: z.string() }),
  /** Absent where no witnesses are asked. */
  witnessing: WitnessingView.exactOptional(),
  /** Where gRPC is served without TLS, such as `127.0.0.1:7421`; absent where it is served with TLS only. */
  grpc: z.string().exactOptional(),
  runs: z.record(z.string(), z.int()),
})
export type Health = z.infer<typeof Health>

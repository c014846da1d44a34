import { z } from 'zod'
import { JsonObject } from './json.ts'
import { Digest, Name, Version } from './names.ts'

/** An agent as the registry keeps it. */
export const AgentManifest = z.strictObject({
  agentId: Name,
  version: Version,
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(2000),
  /** The only skills that the agent may propose. */
  skills: z.array(Name).max(200),
  /** JSON Schema 2020-12 of a run's input. */
  inputSchema: JsonObject,
  entrypoint: z.string().min(1).max(300),
  codeDigest: Digest,
})
export type AgentManifest = z.infer<typeof AgentManifest>

import { z } from 'zod'
import { Cost } from './budget.ts'
import { Compensation } from './compensation.ts'
import { Effect } from './effect.ts'
import { Formats } from './format.ts'
import { JsonObject } from './json.ts'
import { ManifestLimits } from './limits.ts'
import { Digest, JsonPointer, Name, Version } from './names.ts'
import { RetryPolicy } from './retry.ts'
import { SecretSlots } from './secret-use.ts'

/** Where in an action's input the resources that it needs are named. The gate reads them; the skill's code can't. */
export const ResourcePointers = z.strictObject({
  /** Pointers to paths that are read. */
  read: z.array(JsonPointer).default([]),
  /** Pointers to paths that are written. */
  write: z.array(JsonPointer).default([]),
  /** Pointers to URLs whose hosts are reached. Values that are no http(s) URL name no host. */
  urls: z.array(JsonPointer).default([]),
  /** Pointers to amounts in minor units and their currencies. */
  spend: z
    .array(z.strictObject({ amount: JsonPointer, currency: JsonPointer }))
    .max(8)
    .exactOptional(),
})
export type ResourcePointers = z.infer<typeof ResourcePointers>

/** A skill as the registry keeps it. A version never changes once it is registered. */
export const SkillManifest = z.strictObject({
  skillId: Name,
  version: Version,
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(2000),
  effects: z.array(Effect).min(1),
  /** True when performing it twice under one idempotency key leaves the world as performing it once does. */
  idempotent: z.boolean(),
  /** How it uses the run's workspace. */
  workspace: z.enum(['none', 'read', 'write']),
  resources: ResourcePointers,
  /** What arguments are, so that the gate can read them. */
  formats: Formats.exactOptional(),
  limits: ManifestLimits,
  /** The secrets that it can use. */
  secrets: SecretSlots.exactOptional(),
  /** `pure`: a function of its input, without effects, that an engine without a system runs. A process if absent. */
  driver: z.literal('pure').exactOptional(),
  /** What happens after an attempt that failed; nothing if absent. */
  retry: RetryPolicy.exactOptional(),
  /** What undoes it when the run doesn't succeed; nothing if absent. */
  compensation: Compensation.exactOptional(),
  /** What one attempt costs at most; nothing if absent. It is reserved of the budgets before the attempt. */
  cost: Cost.exactOptional(),
  policies: z.array(z.string().max(80)).max(20),
  /** JSON Schema 2020-12. */
  inputSchema: JsonObject,
  outputSchema: JsonObject,
  /** Path of the module below the catalog's folder; its default export is the skill. */
  entrypoint: z.string().min(1).max(300),
  /** Names the code behind the entry point: a digest over it and the modules that it imports by relative path. */
  codeDigest: Digest,
})
export type SkillManifest = z.infer<typeof SkillManifest>

export const SkillRef = z.strictObject({ skillId: Name, version: Version })
export type SkillRef = z.infer<typeof SkillRef>

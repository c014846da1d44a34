import { z } from 'zod'
import { Artifact, FileChanges } from '../artifact.ts'
import { Cost } from '../budget.ts'
import { EgressRecord } from '../egress.ts'
import { Json } from '../json.ts'
import { Ending, Usage } from '../limits.ts'
import { Digest } from '../names.ts'
import { SECRETS_MAX } from '../secret-use.ts'

export const Failure = z.strictObject({ code: z.string().max(60), message: z.string().max(4000) })
export type Failure = z.infer<typeof Failure>

/** What was done with a lease: requests that it was put into, and how often the value was hidden in what came back. */
const USE = {
  uses: z.array(z.strictObject({ host: z.string().max(300), requests: z.int().min(1) })).max(64),
  redactions: z.int().min(0),
}
export const LeaseUse = z.strictObject({ leaseId: z.uuid(), ...USE })
export type LeaseUse = z.infer<typeof LeaseUse>

/** How an action ended. */
export const Outcome = z.strictObject({
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  output: Json.optional(),
  /** SHA-256 of the output's canonical JSON. */
  outputDigest: Digest.optional(),
  error: Failure.optional(),
  durationMs: z.number().min(0),
  /** The end of what it printed, for people. */
  log: z.string().max(20_000).default(''),
  node: z.string(),
  isolation: z.string(),
  /** Absent where no process was started. */
  ending: Ending.exactOptional(),
  usage: Usage.exactOptional(),
  /** What it says it cost; where it says nothing, what it may cost at most is charged. */
  cost: Cost.exactOptional(),
  /** What it did on the network. */
  egress: z.array(EgressRecord).max(100).exactOptional(),
  /** What it printed, byte for byte, and what else it left behind. */
  artifacts: z.array(Artifact).max(32).exactOptional(),
  /** What it changed where it may write. */
  files: FileChanges.exactOptional(),
  /** What it did with the secrets that it had on lease. */
  secrets: z.array(LeaseUse).max(SECRETS_MAX).exactOptional(),
})
export type Outcome = z.infer<typeof Outcome>

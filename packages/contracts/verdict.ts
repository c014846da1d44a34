import { z } from 'zod'
import { Cost } from './budget.ts'
import { Effect } from './effect.ts'
import { Formats } from './format.ts'
import { JsonObject } from './json.ts'
import { StatedLimits } from './limits.ts'
import { Digest, Name, NodeLife, RunId, Timestamp, Version } from './names.ts'
import { StepId } from './plan.ts'
import { Money, Resources, Scope } from './resources.ts'
import { PrincipalId, Tenant } from './run.ts'
import { SECRETS_MAX, SecretUse } from './secret-use.ts'

export const Severity = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])
export type Severity = z.infer<typeof Severity>

export const Verdict = z.enum(['allow', 'deny', 'review'])
export type Verdict = z.infer<typeof Verdict>

/** Where in the arguments it was found: a JSON pointer, and offsets in UTF-16 code units when it is a part of a text. */
export const Span = z.strictObject({
  pointer: z.string(),
  start: z.int().min(0).exactOptional(),
  end: z.int().min(0).exactOptional(),
})
export type Span = z.infer<typeof Span>

export const Reason = z.strictObject({
  /** Number of the article, such as `4`. */
  article: z.string(),
  /** Id of the policy or detector rule. */
  rule: z.string(),
  severity: Severity,
  message: z.string(),
  /** What in the request led to it; never a secret's value. */
  evidence: z.string().max(500).optional(),
  remedy: z.string().optional(),
  /** How sure the detector is, from 0 to 1; absent where there is nothing to doubt. */
  confidence: z.number().min(0).max(1).exactOptional(),
  /** At most the first few. */
  spans: z.array(Span).max(8).exactOptional(),
})
export type Reason = z.infer<typeof Reason>

/**
 * One invocation of a skill proposed in a run. Its digest is the SHA-256 of this object's canonical JSON (RFC 8785),
 * so a verdict, a review and a proof mean these exact arguments and no others.
 */
export const Action = z.strictObject({
  runId: RunId,
  stepId: StepId,
  tenant: Tenant,
  /** Who proposes it: the agent, or the caller of a single skill. */
  principal: PrincipalId,
  /** On whose behalf. */
  owner: PrincipalId,
  skillId: Name,
  skillVersion: Version,
  codeDigest: Digest,
  input: JsonObject,
  effects: z.array(Effect),
  workspace: z.enum(['none', 'read', 'write']),
  /** What it needs outside the workspace, found in the input by the manifest's pointers. */
  resources: Resources,
  /** What its arguments are, as the skill's manifest says. */
  formats: Formats.exactOptional(),
  /** How the node runs it; by a process if absent. */
  driver: z.literal('pure').exactOptional(),
  /** The limits that the node enforces; what is not stated is the default. */
  limits: StatedLimits.exactOptional(),
  /** The secrets that it may have on lease, and on which terms. */
  secrets: z.array(SecretUse).max(SECRETS_MAX).exactOptional(),
  /** What it costs at most; with a permission so much is reserved of the budgets. */
  cost: Cost.exactOptional(),
})
export type Action = z.infer<typeof Action>

/** What a run has taken in that makes its later effects suspect. */
export const Taint = z.enum(['untrusted_content', 'injected_instructions', 'personal_data', 'secret'])
export type Taint = z.infer<typeof Taint>

/** What happened in the run before the action. */
export const RunFacts = z.strictObject({
  /** Actions that were judged. */
  actions: z.int().min(0),
  /** Denials and failures since the last action that succeeded or that people approved. */
  deniedInARow: z.int().min(0),
  failedInARow: z.int().min(0),
  taints: z.array(Taint),
  /** Money that was spent or may have been. */
  spent: z.array(Money),
  /** Rules of the reasons against the plan that the action is part of. */
  planFindings: z.array(z.string()),
})
export type RunFacts = z.infer<typeof RunFacts>

/** A run in which nothing happened yet. */
export const FRESH_RUN: RunFacts = {
  actions: 0,
  deniedInARow: 0,
  failedInARow: 0,
  taints: [],
  spent: [],
  planFindings: [],
}

/** Said where a node has no isolation: its skills run with all rights of the node. */
export const NoIsolation = z.literal('none')
export type NoIsolation = z.infer<typeof NoIsolation>

/** What the gate is asked. */
export const VerificationRequest = z.strictObject({
  action: Action,
  /** What the run's owner granted. */
  scope: Scope,
  /** Skills that the agent declared; absent for a run without an agent. */
  declaredSkills: z.array(Name).exactOptional(),
  run: RunFacts.default(FRESH_RUN),
  /** Said where a node that could perform it has no isolation. */
  isolation: NoIsolation.exactOptional(),
})
export type VerificationRequest = z.infer<typeof VerificationRequest>

/** A verification request without its action. */
export const VerificationContext = VerificationRequest.omit({ action: true })
export type VerificationContext = z.infer<typeof VerificationContext>

/** On which terms people may decide. */
export const ReviewTerms = z.strictObject({
  /** How many different people have to approve; one is enough to deny. */
  quorum: z.int().min(1).max(9),
  /** Minutes after which the review ends as denied. */
  expiresMinutes: z.int().min(1),
  /** Minutes in which an approval has to be used. */
  useWithinMinutes: z.int().min(1),
  /** How many similar actions of the run one approval may cover at most. */
  batchMax: z.int().min(1),
})
export type ReviewTerms = z.infer<typeof ReviewTerms>

export const VerificationResult = z.strictObject({
  verdict: Verdict,
  /** 0–100: 100 minus 25, 15, 8 or 3 for each reason by severity. */
  score: z.int().min(0).max(100),
  reasons: z.array(Reason),
  /** Digest of the constitution that judged. */
  constitution: Digest,
  /** Layers of the constitution that held beside it, for the tenant and environment. */
  layers: z.array(z.string()).exactOptional(),
  /** Set when the verdict is `review`. */
  review: ReviewTerms.exactOptional(),
})
export type VerificationResult = z.infer<typeof VerificationResult>

/** What the journaled verdict permits. The entry that holds it, with its inclusion proof, is the proof. */
export const Permission = z.strictObject({
  actionDigest: Digest,
  expiresAt: Timestamp,
  /** 128 random bits in hexadecimal; a node honours each once. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** The one life of one node that may use it, so that nobody else can use it again. */
  audience: NodeLife,
  /** Said where the node has no isolation. */
  isolation: NoIsolation.exactOptional(),
})
export type Permission = z.infer<typeof Permission>

import { z } from 'zod'
import { Effect } from './effect.ts'
import { JsonObject } from './json.ts'
import { Digest, Name, RunId, Timestamp, Version } from './names.ts'
import { StepId } from './plan.ts'
import { Resources, Scope } from './resources.ts'
import { PrincipalId, Tenant } from './run.ts'

export const Severity = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])
export type Severity = z.infer<typeof Severity>

export const Verdict = z.enum(['allow', 'deny', 'review'])
export type Verdict = z.infer<typeof Verdict>

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
})
export type Action = z.infer<typeof Action>

/** What the gate is asked. */
export const VerificationRequest = z.strictObject({
  action: Action,
  /** What the run's owner granted. */
  scope: Scope,
  /** Skills that the agent declared; absent for a run without an agent. */
  declaredSkills: z.array(Name).optional(),
})
export type VerificationRequest = z.infer<typeof VerificationRequest>

export const VerificationResult = z.strictObject({
  verdict: Verdict,
  /** 0–100: 100 minus 25, 15, 8 or 3 for each reason by severity. */
  score: z.int().min(0).max(100),
  reasons: z.array(Reason),
  /** Digest of the constitution that judged. */
  constitution: Digest,
})
export type VerificationResult = z.infer<typeof VerificationResult>

/** What the journaled verdict permits. The entry that holds it, with its inclusion proof, is the proof. */
export const Permission = z.strictObject({
  actionDigest: Digest,
  expiresAt: Timestamp,
  /** 128 random bits in hexadecimal; a node honours each once. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
})
export type Permission = z.infer<typeof Permission>

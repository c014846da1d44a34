import { z } from 'zod'
import { AdmissionLimits } from '../admission.ts'
import { SignedActivation } from '../constitution.ts'
import { ErasureRequest, ErasureStatement, RetentionRequest } from '../erasure.ts'
import { KeyEndorsement } from '../journal-key.ts'
import { Digest, Name, Version } from '../names.ts'
import { PrincipalId } from '../run.ts'
import { TenantFounded, TenantNamed } from '../tenant.ts'

/** Versions by name. */
const Offered = z.record(Name, z.array(Version).min(1))

/** What concerns no single run: people, keys, the catalogue, the law, and what is erased. */
export const LOG_ENTRIES = {
  /** Who may act, and what they sign with. */
  'principal.added': z.strictObject({ principal: PrincipalId, roles: z.array(z.string()), keys: z.array(z.string()) }),
  'principal.removed': z.strictObject({ principal: PrincipalId }),
  /** On record in the server's own tenant: it is the one that decides. */
  'tenant.created': TenantFounded,
  'tenant.suspended': TenantNamed,
  'tenant.resumed': TenantNamed,
  /** The journal signs with another key from here on. */
  'journal.key_rotated': z.strictObject({ endorsement: KeyEndorsement }),
  /** A witness saw another log than the one that is here. */
  'witness.refused': z.strictObject({
    /** Verifier key of the witness. */
    witness: z.string().max(300),
    why: z.string().max(1_000),
    /** Up to where the witness saw the log. */
    seen: z.int().min(0),
    /** The signed checkpoint that it was shown. */
    shown: z.string().max(20_000),
  }),
  /** New payloads of the tenant are encrypted under this key from here on. */
  'journal.payload_key_rotated': z.strictObject({ key: z.uuid() }),
  /** A skill or agent became known to the registry. */
  'skill.registered': z.strictObject({ skillId: Name, version: Version, manifestDigest: Digest }),
  'agent.registered': z.strictObject({ agentId: Name, version: Version, manifestDigest: Digest }),
  /** Runs that begin from here on use these versions, which the server's catalogue holds, and stay with them. */
  'catalog.offered': z.strictObject({ skills: Offered, agents: Offered }),
  /** The owner put a law in force; the last of these is the law. */
  'constitution.activated': SignedActivation.extend({
    constitution: Digest,
    sequence: z.int().min(1),
    previous: Digest.nullable(),
    /** How many policies it has. */
    articles: z.int(),
  }),
  /** Journaled before any payload is erased. Signed by a person, or without a signature by the rule of a retention. */
  'erasure.requested': z.strictObject({
    statement: ErasureStatement,
    signature: ErasureRequest.shape.signature.exactOptional(),
    key: ErasureRequest.shape.key.exactOptional(),
    /** How many entries the statement's ranges hold. */
    count: z.int().min(1),
  }),
  /** Journaled when the payloads, and everything that was made from them, are gone. */
  'erasure.completed': z.strictObject({
    erasureId: z.uuid(),
    /** Index of the `erasure.requested`. */
    requested: z.int().min(0),
  }),
  /** From here on the payloads of a class are erased at a certain age. */
  'retention.set': RetentionRequest,
  'retention.removed': RetentionRequest,
  /** Runs are accepted and admitted by these limits from here on. */
  'limits.set': z.strictObject({ limits: AdmissionLimits }),
} as const satisfies Record<string, z.ZodType>

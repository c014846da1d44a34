import { z } from 'zod'
import { JsonObject } from './json.ts'
import { Digest, Name, RunId, Timestamp } from './names.ts'
import { PrincipalId } from './run.ts'
import { Reason, Severity, Verdict } from './verdict.ts'

/** Under this name the owner's key signs (C2SP signed-note verifier keys carry a name). */
export const OWNER_KEY_NAME = 'azora/owner'

const FILE_CHARACTERS_MAX = 262_144
const FILES_MAX = 1_200
/** All files of a constitution together, in UTF-16 code units. */
const CHARACTERS_MAX = 4 * 1024 * 1024

/** A file of a constitution, under its path below the folder. */
export const ConstitutionFile = z.strictObject({
  name: z
    .string()
    .max(200)
    .regex(
      /^((layers\/[a-z0-9][a-z0-9-]*\/)?articles\/[\w][\w.-]*\.cedar|layers\/[a-z0-9][a-z0-9-]*\/(layer|thresholds)\.json|cases\/[\w][\w.-]*\.json|schema\.cedarschema|thresholds\.json|CONSTITUTION\.md)$/,
      'is not a file of a constitution',
    ),
  text: z.string().max(FILE_CHARACTERS_MAX),
})
export type ConstitutionFile = z.infer<typeof ConstitutionFile>

/** Everything in a constitution's folder: the law itself, its cases and its explanation. */
export const ConstitutionFiles = z
  .array(ConstitutionFile)
  .min(1)
  .max(FILES_MAX)
  .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'names a file twice')
  .refine(
    (files) => files.reduce((sum, { text }) => sum + text.length, 0) <= CHARACTERS_MAX,
    `is larger than ${CHARACTERS_MAX} characters`,
  )
export type ConstitutionFiles = z.infer<typeof ConstitutionFiles>

/** What the owner signs, as canonical JSON (RFC 8785), to put a law in force. */
export const ActivationStatement = z.strictObject({
  type: z.literal('azora.constitution.v1'),
  /** Digest of the law. */
  constitution: Digest,
  /** One more than that of the activation before; the first is 1. */
  sequence: z.int().min(1),
  /** Digest of the law that it replaces; null for the first. */
  previous: Digest.nullable(),
  at: Timestamp,
  /** Stated when the law was in force before. */
  rollback: z.literal(true).exactOptional(),
  /** Stated when its cases were not tried. */
  withoutCases: z.literal(true).exactOptional(),
})
export type ActivationStatement = z.infer<typeof ActivationStatement>

/** A statement with who made it. */
export const SignedActivation = z.strictObject({
  statement: ActivationStatement,
  /** Ed25519 (RFC 8032) over the statement's canonical JSON: 64 bytes in base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/),
  /** Verifier key (C2SP signed-note `vkey`) of the owner. */
  key: z.string().max(300),
})
export type SignedActivation = z.infer<typeof SignedActivation>

/** `POST /api/v1/constitution/activate` */
export const ActivateRequest = SignedActivation.extend({ files: ConstitutionFiles })
export type ActivateRequest = z.infer<typeof ActivateRequest>

/** A law that was put in force. */
export const ActivatedVersion = z.strictObject({
  digest: Digest,
  sequence: z.int().min(1),
  previous: Digest.nullable(),
  since: Timestamp,
  /** Who asked for it, and the key that signed it. */
  by: PrincipalId,
  key: z.string(),
  rollback: z.boolean(),
  withoutCases: z.boolean(),
  articles: z.int(),
})
export type ActivatedVersion = z.infer<typeof ActivatedVersion>

export const ArticleView = z.strictObject({
  article: z.string(),
  rule: z.string(),
  title: z.string(),
  severity: Severity,
  remedy: z.string(),
  effect: z.enum(['permit', 'forbid']),
  /** Its Cedar text. */
  text: z.string(),
})
export type ArticleView = z.infer<typeof ArticleView>

/** `GET /api/v1/constitution`: the law in force. */
export const ConstitutionView = z.strictObject({
  /** Digest of the law last put in force; absent when there is none. */
  digest: Digest.exactOptional(),
  /** Sequence of its activation, 0 when there is none: the next statement carries one more. */
  sequence: z.int().min(0),
  since: Timestamp.exactOptional(),
  by: PrincipalId.exactOptional(),
  key: z.string().exactOptional(),
  withoutCases: z.boolean(),
  /** Why everything is denied, when that law can't be applied. */
  problem: z.string().exactOptional(),
  /** Empty while everything is denied. */
  articles: z.array(ArticleView),
  thresholds: JsonObject.exactOptional(),
  /** Set when the server's folder holds another law: what it holds, and what to do. */
  folderDiffers: z.string().exactOptional(),
})
export type ConstitutionView = z.infer<typeof ConstitutionView>

/** `POST /api/v1/constitution/backtest` */
export const BacktestRequest = z.strictObject({
  files: ConstitutionFiles,
  /** Only what was judged at or after this time. */
  since: Timestamp.exactOptional(),
  examples: z.int().min(0).max(200).default(10),
})
export type BacktestRequest = z.input<typeof BacktestRequest>

const Change = { from: Verdict, to: Verdict, count: z.int().min(1) }

/** A recorded verdict that the draft would have made otherwise. */
export const BacktestExample = z.strictObject({
  /** Index of the journal's entry. */
  index: z.int().min(0),
  at: Timestamp,
  run: RunId.exactOptional(),
  /** Absent for a run's final output. */
  step: z.string().exactOptional(),
  skill: Name.exactOptional(),
  agent: PrincipalId,
  from: Verdict,
  to: Verdict,
  before: z.array(Reason),
  after: z.array(Reason),
})
export type BacktestExample = z.infer<typeof BacktestExample>

export const BacktestResult = z.strictObject({
  /** Digest of the draft. */
  draft: Digest,
  judged: z.int().min(0),
  /** Recorded without what the verdict depended on, or with its payload erased. */
  skipped: z.int().min(0),
  unchanged: z.int().min(0),
  changes: z.array(z.strictObject(Change)),
  /** A verdict may change by several articles; each counts it. */
  byArticle: z.array(z.strictObject({ article: z.string(), ...Change })),
  byAgent: z.array(z.strictObject({ agent: z.string(), ...Change })),
  bySkill: z.array(z.strictObject({ skill: z.string(), ...Change })),
  examples: z.array(BacktestExample),
  durationMs: z.number().min(0),
})
export type BacktestResult = z.infer<typeof BacktestResult>

/** What the answer to a backtest streams as server-sent events. Closing the connection cancels it. */
export const BacktestEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('progress'),
    /** Entries of the journal that were passed, of how many. */
    position: z.int().min(0),
    size: z.int().min(0),
    judged: z.int().min(0),
  }),
  z.strictObject({ type: z.literal('result'), result: BacktestResult }),
  z.strictObject({ type: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type BacktestEvent = z.infer<typeof BacktestEvent>

import { z } from 'zod'
import { Digest, Timestamp } from './names.ts'

/**
 * Most bytes of JSON that an action takes in, and that its outcome has, so that either fits an entry of the journal. What is
 * larger is an artifact.
 */
export const INLINE_BYTES_MAX = 6 * 1024 * 1024

/** Most bytes that one artifact holds. */
export const ARTIFACT_BYTES_MAX = 256 * 1024 * 1024

/**
 * Whoever sends an artifact brings at least so many bytes in each such time, until it is whole; servers and clients take it from
 * here. So slow lines may take hours (256 MiB 8.5 of them at most), and what has stalled is given up after a minute.
 */
export const TRANSFER_PACE = { bytesMin: 512 * 1024, withinMs: 60_000 } as const

/** What a transfer at the slowest pace may take in milliseconds, with five minutes for the receiver to store it. */
export const transferMsMax = (bytes: number): number =>
  (Math.ceil(bytes / TRANSFER_PACE.bytesMin) + 5) * TRANSFER_PACE.withinMs

/** Something that an action left behind, kept outside the journal under the SHA-256 of its bytes. */
export const Artifact = z.strictObject({
  /** `stdout` or `stderr`, or the name that the skill gave it. */
  name: z.string().min(1).max(200),
  digest: Digest,
  bytes: z.int().min(0).max(ARTIFACT_BYTES_MAX),
})
export type Artifact = z.infer<typeof Artifact>

/** Most artifacts that one input names, or that one action keeps beside what it prints. */
export const ARTIFACT_REFS_MAX = 16

/** An artifact as inputs and outputs name it, in place of its content. */
export const ArtifactRef = z.strictObject({
  $artifact: Digest,
  name: Artifact.shape.name.exactOptional(),
  bytes: Artifact.shape.bytes.exactOptional(),
})
export type ArtifactRef = z.infer<typeof ArtifactRef>

/** How long a file that was handed over can be named. */
export const UPLOAD_DAYS = 7

/** A file that was handed over, for the inputs of its tenant's runs to name. */
export const UploadView = z.strictObject({
  digest: Digest,
  bytes: Artifact.shape.bytes,
  /** When it was handed over last. */
  at: Timestamp,
  /** From then on it can't be named, and goes. */
  until: Timestamp,
})
export type UploadView = z.infer<typeof UploadView>

export const FILE_CHANGES_MAX = 200

/** A file in the run's workspace or below a write grant that an action changed. */
export const FileChange = z.strictObject({
  /** `/workspace/…`, or the path of the host below a grant. */
  path: z.string().max(4096),
  change: z.enum(['added', 'modified', 'removed']),
  /** Of the content; absent for what was removed, is no regular file, or is larger than what is hashed. */
  digest: Digest.exactOptional(),
  bytes: z.int().min(0).exactOptional(),
})
export type FileChange = z.infer<typeof FileChange>

export const FileChanges = z.strictObject({
  /** The first of them, in the order of their paths. */
  items: z.array(FileChange).max(FILE_CHANGES_MAX),
  /** How many changed in all; `null` when there were too many files to look at. */
  total: z.int().min(0).nullable(),
})
export type FileChanges = z.infer<typeof FileChanges>

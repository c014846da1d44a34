import type { Readable } from 'node:stream'

/** Where an artifact lies. Runs share nothing, so that a run can be erased as a whole. */
export interface ArtifactAddress {
  tenant: string
  runId: string
  /** SHA-256 of the content in hexadecimal. */
  digest: string
}

/** What is known of an artifact without reading it. */
export interface StoredArtifact {
  digest: string
  bytes: number
  atMs: number
}

export const LISTED_MAX = 1_000

/**
 * Keeps artifacts. Contract:
 * - `put` resolves when the content is durable and has the digest; otherwise it rejects and keeps nothing. Putting the
 *   same twice is harmless.
 * - `get` answers what was put, or undefined. The reader checks the digest: a stream can't be checked before it ends.
 * - `list` answers what of a run was put, and when it was put last, at most 1,000 of it.
 * - `tenants` answers at least those of which something is kept.
 * - `removeRun` resolves when nothing of the run is left.
 * - `sweepDrafts` removes what puts that were killed left behind, unless something was written to it since then.
 */
export interface ArtifactStore {
  /** Throws `artifact_mismatch` and `artifact_too_large`. */
  put(address: ArtifactAddress, content: Readable, bytes: number): Promise<void>
  get(address: ArtifactAddress): Promise<{ bytes: number; content: Readable } | undefined>
  list(run: Pick<ArtifactAddress, 'tenant' | 'runId'>): Promise<StoredArtifact[]>
  tenants(): Promise<string[]>
  remove(address: ArtifactAddress): Promise<void>
  removeRun(run: Pick<ArtifactAddress, 'tenant' | 'runId'>): Promise<void>
  sweepDrafts(beforeMs: number): Promise<number>
}

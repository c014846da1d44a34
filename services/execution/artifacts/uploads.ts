import type { Readable } from 'node:stream'
import { AzoraError, type Clock, oneAfterAnother, timestamp } from '@azora/base'
import { UPLOAD_DAYS, type UploadView } from '@azora/contracts'
import type { ArtifactAddress, ArtifactStore } from './port.ts'

/** What people hand over before there is a run that takes it. */
export interface Uploads {
  /** Throws `uploads_full`, `artifact_mismatch` and `artifact_too_large`. */
  put(upload: Omit<ArtifactAddress, 'runId'>, content: Readable, bytes: number): Promise<void>
  /**
   * What an action of the run may take in: an artifact of the run, or an upload of its tenant. An upload becomes an artifact of
   * the run then, so that it is kept and erased with it.
   */
  take(address: ArtifactAddress): Promise<{ bytes: number; content: Readable } | undefined>
  /** Those of a tenant that can be named, newest first. */
  list(tenant: string): Promise<UploadView[]>
  get(upload: Omit<ArtifactAddress, 'runId'>): Promise<{ bytes: number; content: Readable } | undefined>
  /** Runs that took it keep their own. Answers false when there is none. */
  remove(upload: Omit<ArtifactAddress, 'runId'>): Promise<boolean>
  /**
   * Removes uploads that are over, and what killed ones left. A sweep that is killed has removed as much as it has. Answers how
   * many it removed, and whether it stopped before its end because it had removed as many as it may.
   */
  sweep(signal: AbortSignal): Promise<{ removed: number; more: boolean }>
}

/** Where they lie, beside the runs of their tenant; no run has this id. */
const UPLOADS = 'uploads'
const HOUR_MS = 3_600_000
const KEPT_MS = UPLOAD_DAYS * 24 * HOUR_MS
/** What was taken at its last moment is being copied; what comes has stalled long before. */
const GRACE_MS = HOUR_MS

export interface UploadLimits {
  /** Of one tenant at one time. */
  count: number
  bytes: number
  /** Removed by one sweep. */
  swept: number
}

const LIMITS: UploadLimits = { count: 256, bytes: 8 * 1024 ** 3, swept: 1_000 }

export function createUploads(store: ArtifactStore, clock: Pick<Clock, 'now'>, limits: UploadLimits = LIMITS): Uploads {
  /** Uploads under way count from their beginning. */
  const coming = new Set<{ tenant: string; digest: string; bytes: number }>()
  /** What came again since the sweep began to look. */
  let renewed = new Set<string>()
  const removing = new Map<string, Promise<void>>()
  const inTurn = oneAfterAnother()
  const all = (tenant: string) => store.list({ tenant, runId: UPLOADS })
  const current = async (tenant: string) => (await all(tenant)).filter(({ atMs }) => atMs > clock.now() - KEPT_MS)

  async function admit(upload: { tenant: string; digest: string; bytes: number }): Promise<void> {
    const { tenant, digest, bytes } = upload
    const others = (await current(tenant)).filter((one) => one.digest !== digest)
    const held = [...others, ...[...coming].filter((one) => one.tenant === tenant)]
    const used = held.reduce((sum, one) => sum + one.bytes, bytes)
    if (held.length >= limits.count || used > limits.bytes) throw full(limits)
    coming.add(upload)
    renewed.add(keyOf(upload))
  }

  /** Removes one; who uploads it again waits for that, so that the new one is not what is removed. */
  async function remove(tenant: string, digest: string): Promise<void> {
    const key = keyOf({ tenant, digest })
    const gone = store.remove({ tenant, runId: UPLOADS, digest })
    removing.set(key, gone)
    await gone.finally(() => removing.delete(key))
  }

  async function sweepOf(tenant: string, most: number): Promise<number> {
    renewed = new Set([...coming].map(keyOf))
    const over = (await all(tenant)).filter(({ atMs }) => atMs <= clock.now() - KEPT_MS - GRACE_MS)
    let removed = 0
    for (const { digest } of over) {
      if (removed === most) break
      if (renewed.has(keyOf({ tenant, digest }))) continue
      await remove(tenant, digest)
      removed += 1
    }
    return removed
  }

  const isCurrent = async ({ tenant, digest }: Omit<ArtifactAddress, 'runId'>): Promise<boolean> =>
    (await current(tenant)).some((one) => one.digest === digest)
  const get = async ({ tenant, digest }: Omit<ArtifactAddress, 'runId'>) =>
    (await isCurrent({ tenant, digest })) ? store.get({ tenant, runId: UPLOADS, digest }) : undefined

  return {
    async put({ tenant, digest }, content, bytes) {
      const upload = { tenant, digest, bytes }
      await inTurn(() => admit(upload))
      try {
        await removing.get(keyOf(upload))
        await store.put({ tenant, runId: UPLOADS, digest }, content, bytes)
      } finally {
        coming.delete(upload)
      }
    },
    async take(address) {
      const own = await store.get(address)
      if (own) return own
      const upload = await get(address)
      if (!upload) return undefined
      await store.put(address, upload.content, upload.bytes)
      return store.get(address)
    },
    async list(tenant) {
      const found = (await current(tenant)).sort((a, b) => b.atMs - a.atMs)
      return found.map(({ digest, bytes, atMs }) => {
        return { digest, bytes, at: timestamp(atMs), until: timestamp(atMs + KEPT_MS) }
      })
    },
    get,
    async remove(upload) {
      if (!(await isCurrent(upload))) return false
      await remove(upload.tenant, upload.digest)
      return true
    },
    async sweep(signal) {
      let removed = await store.sweepDrafts(clock.now() - GRACE_MS)
      for (const tenant of await store.tenants()) {
        if (signal.aborted || removed >= limits.swept) return { removed, more: true }
        removed += await sweepOf(tenant, limits.swept - removed)
      }
      return { removed, more: removed >= limits.swept }
    },
  }
}

const keyOf = ({ tenant, digest }: { tenant: string; digest: string }): string => `${tenant}/${digest}`

const full = ({ count, bytes }: UploadLimits): AzoraError =>
  new AzoraError('conflict', 'uploads_full', `a tenant has at most ${count} uploads of ${bytes} bytes at one time`)

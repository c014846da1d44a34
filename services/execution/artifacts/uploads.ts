import type { Readable } from 'node:stream'
import { AzoraError, type Clock } from '@azora/base'
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
}

/** Where they lie, beside the runs of their tenant; no run has this id. */
const UPLOADS = 'uploads'
const DAY_MS = 86_400_000
const KEPT_MS = 7 * DAY_MS

export interface UploadLimits {
  /** Of one tenant at one time. */
  count: number
  bytes: number
}

const LIMITS: UploadLimits = { count: 256, bytes: 8 * 1024 ** 3 }

export function createUploads(store: ArtifactStore, clock: Pick<Clock, 'now'>, limits: UploadLimits = LIMITS): Uploads {
  /** Uploads under way count from their beginning. */
  const coming = new Map<symbol, { tenant: string; bytes: number }>()

  async function current(tenant: string) {
    const run = { tenant, runId: UPLOADS }
    const all = await store.list(run)
    const fresh = all.filter(({ atMs }) => atMs > clock.now() - KEPT_MS)
    for (const old of all) if (!fresh.includes(old)) await store.remove({ ...run, digest: old.digest })
    return fresh
  }

  return {
    async put({ tenant, digest }, content, bytes) {
      const others = (await current(tenant)).filter((upload) => upload.digest !== digest)
      const held = [...others, ...[...coming.values()].filter((one) => one.tenant === tenant)]
      const used = held.reduce((sum, one) => sum + one.bytes, bytes)
      if (held.length >= limits.count || used > limits.bytes) throw full(limits)
      const mark = Symbol(digest)
      coming.set(mark, { tenant, bytes })
      try {
        await store.put({ tenant, runId: UPLOADS, digest }, content, bytes)
      } finally {
        coming.delete(mark)
      }
    },
    async take(address) {
      const own = await store.get(address)
      if (own) return own
      const uploads = await current(address.tenant)
      if (!uploads.some(({ digest }) => digest === address.digest)) return undefined
      const upload = await store.get({ ...address, runId: UPLOADS })
      if (!upload) return undefined
      await store.put(address, upload.content, upload.bytes)
      return store.get(address)
    },
  }
}

const full = ({ count, bytes }: UploadLimits): AzoraError =>
  new AzoraError('conflict', 'uploads_full', `a tenant has at most ${count} uploads of ${bytes} bytes at one time`)

import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { move } from '@azora/base'
import { Digest, Tenant } from '@azora/contracts'
import { assertSize } from './checked.ts'
import { createDrafts, namesIn } from './drafts.ts'
import { type ArtifactAddress, type ArtifactStore, LISTED_MAX, type StoredArtifact } from './port.ts'

/** No tenant has this name. */
const DRAFTS = '.drafts'

/** Artifacts as files `<root>/<tenant>/<run>/<digest>`, for the server's user only. */
export function createDiskStore(root: string): ArtifactStore {
  const folderOf = ({ tenant, runId }: Pick<ArtifactAddress, 'tenant' | 'runId'>): string => join(root, tenant, runId)
  const fileOf = (address: ArtifactAddress): string => join(folderOf(address), address.digest)
  const drafts = createDrafts(join(root, DRAFTS))
  return {
    async put(address, content, bytes) {
      assertSize(bytes)
      const file = fileOf(address)
      await drafts.write(address.digest, content, bytes, async (draft) => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        await move(draft, file)
      })
    },
    async get(address) {
      // What is open stays readable, also when it is removed meanwhile.
      const found = await open(fileOf(address), 'r').catch(absent)
      if (!found) return undefined
      try {
        return { bytes: (await found.stat()).size, content: found.createReadStream() }
      } catch (thrown) {
        await found.close()
        throw thrown
      }
    },
    async list(run) {
      const names = await namesIn(folderOf(run))
      const found: StoredArtifact[] = []
      for (const digest of names.filter((name) => Digest.safeParse(name).success).slice(0, LISTED_MAX)) {
        const stats = await stat(fileOf({ ...run, digest })).catch(absent)
        if (stats) found.push({ digest, bytes: stats.size, atMs: stats.mtimeMs })
      }
      return found
    },
    tenants: async () => (await namesIn(root)).filter((name) => Tenant.safeParse(name).success),
    remove: (address) => rm(fileOf(address), { force: true }),
    removeRun: (run) => rm(folderOf(run), { recursive: true, force: true }),
    sweepDrafts: drafts.sweep,
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

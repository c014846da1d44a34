import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { move } from '@azora/base'
import { Digest } from '@azora/contracts'
import { assertSize, checked } from './checked.ts'
import { type ArtifactAddress, type ArtifactStore, LISTED_MAX, type StoredArtifact } from './port.ts'

/** Artifacts as files `<root>/<tenant>/<run>/<digest>`, for the server's user only. */
export function createDiskStore(root: string): ArtifactStore {
  const folderOf = ({ tenant, runId }: Pick<ArtifactAddress, 'tenant' | 'runId'>): string => join(root, tenant, runId)
  const fileOf = (address: ArtifactAddress): string => join(folderOf(address), address.digest)
  return {
    async put(address, content, bytes) {
      assertSize(bytes)
      const file = fileOf(address)
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      const draft = `${file}.${randomUUID()}.new`
      try {
        await pipeline(content, checked(address.digest, bytes), createWriteStream(draft, { mode: 0o600, flush: true }))
        await move(draft, file)
      } catch (thrown) {
        await rm(draft, { force: true })
        throw thrown
      }
    },
    async get(address) {
      const file = fileOf(address)
      const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return found && { bytes: found.size, content: createReadStream(file) }
    },
    async list(run) {
      const names = await readdir(folderOf(run)).catch((error: NodeJS.ErrnoException): string[] => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const found: StoredArtifact[] = []
      for (const digest of names.filter((name) => Digest.safeParse(name).success).slice(0, LISTED_MAX)) {
        const { size, mtimeMs } = await stat(fileOf({ ...run, digest }))
        found.push({ digest, bytes: size, atMs: mtimeMs })
      }
      return found
    },
    remove: (address) => rm(fileOf(address), { force: true }),
    removeRun: (run) => rm(folderOf(run), { recursive: true, force: true }),
  }
}

import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { move } from '@azora/base'
import { assertSize, checked } from './checked.ts'
import type { ArtifactAddress, ArtifactStore } from './port.ts'

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
    removeRun: (run) => rm(folderOf(run), { recursive: true, force: true }),
  }
}

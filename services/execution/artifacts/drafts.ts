import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AzoraError } from '@azora/base'
import { checked } from './checked.ts'

/** Content on its way into a store. */
export interface Drafts {
  /** Writes what comes to a file that is durable, hands it on when it is what it is said to be, and leaves none. */
  write(digest: string, content: Readable, bytes: number, use: (file: string) => Promise<unknown>): Promise<void>
  /** Removes those to which nothing was written since then: their writer was killed. Answers how many. */
  sweep(beforeMs: number): Promise<number>
}

export function createDrafts(folder: string): Drafts {
  return {
    async write(digest, content, bytes, use) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, randomUUID())
      try {
        await pipeline(content, checked(digest, bytes), createWriteStream(file, { mode: 0o600, flush: true }))
        await use(file)
      } catch (thrown) {
        throw FULL.has((thrown as NodeJS.ErrnoException).code ?? '') ? full(thrown) : thrown
      } finally {
        await rm(file, { force: true })
      }
    },
    async sweep(beforeMs) {
      let swept = 0
      for (const name of await namesIn(folder)) {
        const file = join(folder, name)
        const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
        if (mtimeMs >= beforeMs) continue
        await rm(file, { force: true })
        swept += 1
      }
      return swept
    },
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const full = (cause: unknown): AzoraError =>
  new AzoraError('retry', 'artifact_store_full', 'the disk on which artifacts lie is full', { cause })

/** Names in a folder; none where there is no folder. */
export const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw error
  })

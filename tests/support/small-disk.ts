import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A disk of a few megabytes that only the processes started on it see; no right of the machine's root is needed. */
export interface SmallDisk {
  /** The command that starts another one on the disk, mounted at the folder. */
  readonly prefix: string[]
  /** Where this process finds the folder of that one. */
  seenFrom(pid: number, folder: string): string
  /** Takes whatever is left of it; returns what gives it back. */
  fill(folder: string): () => void
}

const CHUNK = Buffer.alloc(64 * 1024, 1)
/** What is left of a page when nothing larger fits any more. */
const CRUMB = Buffer.alloc(512, 1)

/** @param mebibytes its size */
export const smallDisk = (folder: string, mebibytes: number): SmallDisk => {
  mkdirSync(folder, { recursive: true })
  const script = `mount -t tmpfs -o size=${mebibytes}m,mode=700 azora "$0" && exec "$@"`
  return {
    prefix: ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, folder],
    seenFrom: (pid, path) => `/proc/${pid}/root${path}`,
    fill(seen) {
      const path = join(seen, 'filler')
      const file = openSync(path, 'w')
      try {
        for (const chunk of [CHUNK, CRUMB]) writeUntilFull(file, chunk)
      } finally {
        closeSync(file)
      }
      return () => rmSync(path, { force: true })
    },
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
  }
}

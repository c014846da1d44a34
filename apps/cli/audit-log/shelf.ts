import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RUN_PARTS, type RunShelf } from '@azora/audit'

const fileOf = (folder: string, part: number): string => join(folder, `runs-${part.toString(16).padStart(2, '0')}`)

const isMissing = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'ENOENT'

/** A shelf of files in a folder. */
export function createFileShelf(folder: string): RunShelf {
  return {
    add: (part, bytes) => appendFileSync(fileOf(folder, part), bytes),
    read: (part) =>
      readFile(fileOf(folder, part)).catch((thrown) => {
        if (isMissing(thrown)) return Buffer.alloc(0)
        throw thrown
      }),
  }
}

const lengthOf = async (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    (thrown) => {
      if (isMissing(thrown)) return 0
      throw thrown
    },
  )

/** How many bytes each part has. */
export const shelfLengths = (folder: string): Promise<number[]> =>
  Promise.all(Array.from({ length: RUN_PARTS }, (_, part) => lengthOf(fileOf(folder, part))))

/** Takes away what an unfinished audit added; false when something that was there is not any more. */
export async function cutShelf(folder: string, lengths: readonly number[]): Promise<boolean> {
  for (const [part, now] of (await shelfLengths(folder)).entries()) {
    const wanted = lengths[part] ?? 0
    if (now < wanted) return false
    if (now > wanted) await truncate(fileOf(folder, part), wanted)
  }
  return true
}

/** A private folder for one audit, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'azora-audit-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { FILE_CHANGES_MAX, type FileChange, type FileChanges } from '@azora/contracts'

/** A folder in which an action may write, and the path under which people know it. */
export interface Watched {
  folder: string
  shownAs: string
}

/** What it looked like before. */
export interface Before {
  /** What has changed since. */
  changes(): Promise<FileChanges>
}

/** Looking at more files would take longer than most actions. */
const FILES_MAX = 10_000
const HASHED_BYTES_MAX = 128 * 1024 * 1024

type Known = Map<string, { path: string; mark: string; stats: Stats }>

/**
 * Remembers what is in some folders, to say later what has changed. Links are not followed. What changes meanwhile by
 * somebody else's hand counts too.
 */
export async function lookAt(watched: readonly Watched[]): Promise<Before> {
  const before = await readAll(watched)
  return {
    async changes() {
      const after = before && (await readAll(watched))
      if (!before || !after) return { items: [], total: null }
      const found: Array<{ shown: string; change: FileChange['change']; path?: string; stats?: Stats }> = []
      for (const [shown, { path, mark, stats }] of after) {
        const old = before.get(shown)
        if (old?.mark !== mark) found.push({ shown, change: old ? 'modified' : 'added', path, stats })
      }
      for (const shown of before.keys()) if (!after.has(shown)) found.push({ shown, change: 'removed' })
      found.sort((a, b) => (a.shown < b.shown ? -1 : 1))
      const items: FileChange[] = []
      let budget = HASHED_BYTES_MAX
      for (const { shown, change, path, stats } of found.slice(0, FILE_CHANGES_MAX)) {
        const content = path && stats?.isFile() && stats.size <= budget ? await hashOf(path) : undefined
        budget -= content?.bytes ?? 0
        items.push({ path: shown, change, ...content })
      }
      return { items, total: found.length }
    },
  }
}

/** Undefined when there is too much of it. */
async function readAll(watched: readonly Watched[]): Promise<Known | undefined> {
  const known: Known = new Map()
  const waiting = watched.map(({ folder, shownAs }) => ({ path: folder, shown: shownAs }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, shown } = next
    const stats = await lstat(path).catch(() => undefined)
    if (!stats) continue
    if (!stats.isDirectory()) {
      if (known.size >= FILES_MAX) return undefined
      known.set(shown, { path, mark: markOf(stats), stats })
      continue
    }
    const folder = await opendir(path).catch(() => undefined)
    if (!folder) continue
    for await (const { name } of folder) {
      if (waiting.length + known.size >= FILES_MAX) return undefined
      waiting.push({ path: join(path, name), shown: join(shown, name) })
    }
  }
  return known
}

const markOf = ({ ino, mode, size, mtimeMs, ctimeMs }: Stats): string => `${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}`

async function hashOf(path: string): Promise<{ digest: string; bytes: number } | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (!file) return undefined
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      hash.update(chunk)
      bytes += chunk.length
    }
    return { digest: hash.digest('hex'), bytes }
  } finally {
    await file.close()
  }
}

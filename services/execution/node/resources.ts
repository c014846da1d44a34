import { type FileHandle, open, readlink } from 'node:fs/promises'
import type { Failure, Resources } from '@azora/contracts'
import type { Grant } from '../isolation/port.ts'

/** Resources that were checked and are held open: what a sandbox is shown is what was checked. */
export interface HeldResources {
  read: Grant[]
  write: Grant[]
  release(): Promise<void>
}

/** `O_PATH` of Linux, which node:fs doesn't name: a place in the file system, neither read nor written. */
const O_PATH = 0o10000000

/** The root of the file system is a folder too, and a path may end with a slash. */
function within(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, '')
  return path === base || path.startsWith(`${base}/`)
}

/**
 * Checks that the paths that a proof names may be shown to a sandbox as they are: they exist, no link leads out of what
 * is permitted, and none reaches into the node's own data. Paths are opened first and judged by where they led, because
 * another action may replace a folder by a link at any moment.
 */
export async function holdResources(
  { read, write }: Resources,
  dataDir: string,
): Promise<HeldResources | { flaw: Failure }> {
  const permitted = [...read, ...write]
  const handles: FileHandle[] = []
  const release = async (): Promise<void> => {
    for (const handle of handles) await handle.close()
  }
  const flawIn = async (path: string): Promise<Failure | undefined> => {
    const handle = await open(path, O_PATH).catch(() => undefined)
    if (!handle) return { code: 'resource_missing', message: `${path} does not exist` }
    handles.push(handle)
    const real = await readlink(`/proc/self/fd/${handle.fd}`)
    if (!permitted.some((folder) => within(real, folder))) {
      return { code: 'resource_outside', message: `${path} leads to ${real}, which the proof does not name` }
    }
    if (within(dataDir, real) || within(real, dataDir)) {
      return { code: 'resource_protected', message: `${path} would show the data directory of Azora` }
    }
    return undefined
  }
  for (const path of permitted) {
    const flaw = await flawIn(path)
    if (!flaw) continue
    await release()
    return { flaw }
  }
  const grants = handles.map(({ fd }, position) => ({ fd, path: permitted[position] as string }))
  return { read: grants.slice(0, read.length), write: grants.slice(read.length), release }
}

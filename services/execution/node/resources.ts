import type { Failure, Resources } from '@azora/contracts'
import type { Grant } from '../isolation/port.ts'
import { openPlace, type Place, systemPath } from './open-place.ts'

/** Resources that were checked and are held open: what a sandbox is shown is what was checked. */
export interface HeldResources {
  read: Grant[]
  write: Grant[]
  release(): Promise<void>
}

/** The root of the file system is a folder too, and a path may end with a slash. */
export function within(path: string, folder: string): boolean {
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
  const permitted = [...read, ...write].map(systemPath)
  const places: Place[] = []
  const release = async (): Promise<void> => {
    for (const { handle } of places) await handle.close()
  }
  const flawIn = async (path: string): Promise<Failure | undefined> => {
    const place = await openPlace(path)
    if (!place) return { code: 'resource_missing', message: `${path} does not exist` }
    places.push(place)
    const { real } = place
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
  const grants = places.map(({ handle }, position) => ({ fd: handle.fd, path: permitted[position] as string }))
  return { read: grants.slice(0, read.length), write: grants.slice(read.length), release }
}

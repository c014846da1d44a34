import { realpath } from 'node:fs/promises'
import type { Failure, Resources } from '@azora/contracts'

/** The root of the file system is a folder too, and a path may end with a slash. */
function within(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, '')
  return path === base || path.startsWith(`${base}/`)
}

/**
 * Checks that the paths that a proof names may be shown to a sandbox as they are: they exist, no link leads out of what
 * is permitted, and none reaches into the node's own data.
 */
export async function flawInResources({ read, write }: Resources, dataDir: string): Promise<Failure | undefined> {
  const permitted = [...read, ...write]
  for (const path of permitted) {
    const real = await realpath(path).catch(() => undefined)
    if (real === undefined) return { code: 'resource_missing', message: `${path} does not exist` }
    if (!permitted.some((folder) => within(real, folder))) {
      return { code: 'resource_outside', message: `${path} leads to ${real}, which the proof does not name` }
    }
    if (within(dataDir, real) || within(real, dataDir)) {
      return { code: 'resource_protected', message: `${path} would show the data directory of Azora` }
    }
  }
  return undefined
}

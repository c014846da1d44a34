import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'

/** A place in the file system that is held open, and where its path led. */
export interface Place {
  handle: FileHandle
  real: string
}

/** `O_PATH` of Linux, which node:fs doesn't name: a place in the file system, neither read nor written. */
const O_PATH = 0o10000000

/** Opens a place, whatever it is; undefined when it isn't there. */
export const openPlace = (path: string): Promise<Place | undefined> =>
  process.platform === 'linux' ? openByDescriptor(path) : openByPath(path)

async function openByDescriptor(path: string): Promise<Place | undefined> {
  const handle = await open(path, O_PATH).catch(() => undefined)
  return handle && { handle, real: await readlink(`/proc/self/fd/${handle.fd}`) }
}

/** Where no descriptor tells its path: what was opened has to be what lies at the real path. */
async function openByPath(path: string): Promise<Place | undefined> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return undefined
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  )
  if (!handle) return undefined
  const [held, found] = await Promise.all([handle.stat(), stat(real).catch(() => undefined)])
  if (held.dev === found?.dev && held.ino === found.ino) return { handle, real }
  await handle.close()
  return undefined
}

/** On macOS these folders of the system are links. */
const LINKED = /^\/(?:tmp|var|etc)(?=\/|$)/

/** The path by which the system itself knows a folder that people name. */
export const systemPath = (path: string): string =>
  process.platform === 'darwin' ? path.replace(LINKED, (folder) => `/private${folder}`) : path

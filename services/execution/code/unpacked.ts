import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CodePack } from './pack.ts'

/** Folders with kept code as it can be run, for as long as this process lives. */
export interface Unpacked {
  /** The real path of the folder with the code of a digest. `load` is asked once; undefined when it has none. */
  folder(digest: string, load: () => Promise<CodePack | undefined>): Promise<string | undefined>
}

/** Folders of one life of a process. */
const FOLDERS_MAX = 1_000

/**
 * @param folder is this process's own; what an earlier life left in it goes before it is used
 * @param modules where packages are found
 */
export function createUnpacked(folder: string, modules: string): Unpacked {
  let begun: Promise<void> | undefined
  const folders = new Map<string, Promise<string | undefined>>()

  async function unpack(digest: string, load: () => Promise<CodePack | undefined>): Promise<string | undefined> {
    const pack = await load()
    if (!pack) return undefined
    begun ??= rm(folder, { recursive: true, force: true })
    await begun
    const target = join(folder, digest)
    await rm(target, { recursive: true, force: true })
    await write(target, pack)
    // Last, so that no path leads through it.
    await symlink(modules, join(target, 'node_modules'))
    return realpath(target)
  }

  return {
    folder(digest, load) {
      const known = folders.get(digest)
      if (known) return known
      if (folders.size >= FOLDERS_MAX) return Promise.resolve(undefined)
      const fresh = unpack(digest, load)
      folders.set(digest, fresh)
      const forget = (): void => void folders.delete(digest)
      fresh.then((found) => found === undefined && forget(), forget)
      return fresh
    },
  }
}

async function write(target: string, pack: CodePack): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 })
  const files = Object.entries(pack).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]))
  for (const [path, text] of files) {
    const file = join(target, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, Buffer.from(text, 'base64'), { flag: 'wx', mode: 0o444 })
  }
  // Modules of the catalogue are ES modules by its package.json, which lies above them here too.
  if (!('package.json' in pack)) await writeFile(join(target, 'package.json'), '{ "type": "module" }\n', { flag: 'wx' })
}

import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError, SECRET_MODE, writeWhole } from '@azora/base'
import { bytesOfPack, CODE_BYTES_MAX, digestOfPack, packOf, readPack } from './pack.ts'

/** The code of each version that a run may need, by digest: what is in it outlives the catalogue that it came from. */
export interface CodeStore {
  /**
   * Keeps the code behind an entry point of the catalogue; on disk when it resolves.
   *
   * @throws AzoraError `code_not_kept` when it isn't the code of this digest any more, is too large, or there is no room
   */
  keep(entrypoint: string, digest: string): Promise<void>
  /** The text of the pack, checked; undefined when it isn't kept, or was changed. */
  read(digest: string): Promise<string | undefined>
  /** Removes what nobody needs; answers the digests. */
  sweep(isNeeded: (digest: string) => boolean): Promise<string[]>
}

/** Versions that are kept at one time. */
const VERSIONS_MAX = 2_000
const PACK = /^([0-9a-f]{64})\.json$/
const DRAFT = /\.new$/

/**
 * @param folder holds a file for each version
 * @param projectRoot holds the catalogue
 */
export async function openCodeStore(folder: string, projectRoot: string): Promise<CodeStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const catalog = join(await realpath(projectRoot), 'catalog')
  // Whoever wrote them is gone: a data directory has one server.
  for (const name of await readdir(folder)) if (DRAFT.test(name)) await rm(join(folder, name), { force: true })
  const kept = new Set((await readdir(folder)).flatMap((name) => PACK.exec(name)?.[1] ?? []))
  const read = readPackIn(folder)

  return {
    async keep(entrypoint, digest) {
      if (kept.has(digest) && (await read(digest)) !== undefined) return
      const pack = await packOf(catalog, entrypoint)
      if (!pack || digestOfPack(pack) !== digest) throw notKept(entrypoint, 'it changed while the server started')
      if (bytesOfPack(pack) > CODE_BYTES_MAX) throw notKept(entrypoint, `it has more than ${CODE_BYTES_MAX} bytes`)
      if (!kept.has(digest) && kept.size >= VERSIONS_MAX)
        throw notKept(entrypoint, `${VERSIONS_MAX} versions are kept for runs that have not ended`)
      await writeWhole(join(folder, `${digest}.json`), JSON.stringify(pack), SECRET_MODE)
      kept.add(digest)
    },
    read,
    async sweep(isNeeded) {
      const gone = [...kept].filter((digest) => !isNeeded(digest))
      for (const digest of gone) {
        await rm(join(folder, `${digest}.json`), { force: true })
        kept.delete(digest)
      }
      return gone
    },
  }
}

/** Reads what a store keeps, also of a store that another process has open. */
export const readPackIn =
  (folder: string): CodeStore['read'] =>
  async (digest) => {
    const text = await readFile(join(folder, `${digest}.json`), 'utf8').catch(() => undefined)
    return text !== undefined && readPack(text, digest) ? text : undefined
  }

const notKept = (entrypoint: string, why: string): AzoraError =>
  new AzoraError('fix', 'code_not_kept', `the code of ${entrypoint} can't be kept for runs: ${why}`, {
    remedy: 'Make it smaller, or end runs that began long ago; then start the server again.',
  })

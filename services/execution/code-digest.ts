import { statSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { digestOf, sha256Hex } from '@azora/proof'

const MODULES_MAX = 500
/** The relative modules that a module names statically: `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g

/** The code behind an entry point. */
export interface Code {
  digest: string
  /** The real path of each of its modules, with what its file was like just before it was read. */
  modules: ReadonlyMap<string, FileMark>
}

/** What changes with the content of a file. */
export interface FileMark {
  text: string
  /** When it last changed, milliseconds since 1970; 0 for a file that isn't there. */
  changedMs: number
}

export const fileMark = (path: string): FileMark => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!stats) return { text: 'absent', changedMs: 0 }
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = stats
  return { text: [dev, ino, size, mtimeNs, ctimeNs].join(), changedMs: Number(ctimeMs) }
}

/**
 * Names the code behind an entry point: SHA-256 over the canonical JSON of `{path: SHA-256 of its bytes}`, for the module
 * and all that it imports by relative path, directly or not. Packages are not part of it; the lock file pins them. What
 * only looks like an import, in a text, counts as an absent module: it changes the digest if it ever comes to exist.
 *
 * @param catalog real path of the catalog's folder
 * @returns undefined when the entry point is missing or a module lies outside the catalog
 */
export async function codeOf(catalog: string, entrypoint: string): Promise<Code | undefined> {
  const digests: Record<string, string> = {}
  const modules = new Map<string, FileMark>()
  const waiting = [join(catalog, entrypoint)]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path: string = await realpath(next).catch(() => next as string)
    if (!path.startsWith(`${catalog}/`)) return undefined
    const name = relative(catalog, path)
    if (digests[name]) continue
    if (modules.size >= MODULES_MAX) return undefined
    const mark = fileMark(path)
    const source = await readFile(path).catch(() => undefined)
    if (!source && modules.size === 0) return undefined
    modules.set(path, mark)
    digests[name] = source ? sha256Hex(source) : 'absent'
    const text = source?.toString('utf8') ?? ''
    for (const [, , target = ''] of text.matchAll(RELATIVE_IMPORT)) waiting.push(join(dirname(path), target))
  }
  return { digest: digestOf(digests), modules }
}

/** The digest of {@link codeOf}. */
export const codeDigestOf = async (catalog: string, entrypoint: string): Promise<string | undefined> =>
  (await codeOf(catalog, entrypoint))?.digest

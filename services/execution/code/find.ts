import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '@azora/contracts'
import { type Code, codeOf, fileMark } from '../code-digest.ts'
import { readPack } from './pack.ts'
import type { Unpacked } from './unpacked.ts'

/** Code as it can be run. */
export interface FoundCode {
  /** Absolute path of the module. */
  path: string
  /** Where it lies, if that is not the catalogue; a sandbox has to be shown it. */
  folder?: string
}

/** Where kept code may come from: the text of its pack, which need not be checked. For what a run may ask for, by whom. */
export type CodeSource = (digest: string, runId: string, signal: AbortSignal) => Promise<string | undefined>

/** For which run code is looked for, and until when. */
interface Occasion {
  runId: string
  signal: AbortSignal
}

/** Finds code and checks that it is the code which was judged: in the catalogue, or else as it was kept. */
export type FindCode = (
  entrypoint: string,
  codeDigest: string,
  occasion: Occasion,
) => Promise<FoundCode | { refusal: Failure }>

export interface FindCodeDeps {
  /** Real path of the folder of the skills and agents that are here. */
  catalog: string
  /** Where kept code is run. */
  unpacked: Unpacked
  /** Asked one after the other. */
  sources: readonly CodeSource[]
}

const KNOWN_MAX = 1_000
/** Of two changes within one tick of the file system's clock, the second leaves no mark of its own. */
const SETTLED_MS = 2_000

interface Known {
  path: string
  code: Code
  /** It was compared with its files in this turn of the loop. */
  isFresh?: boolean
}

/**
 * Remembers what it has read, as long as each of the files is the same by inode, size and times: code is read once, not for
 * each action.
 */
export function createFindCode({ catalog, unpacked, sources }: FindCodeDeps): FindCode {
  const known = new Map<string, Known>()

  async function read(folder: string, entrypoint: string): Promise<Known | undefined> {
    const name = join(folder, entrypoint)
    const remembered = known.get(name)
    if (remembered?.isFresh) return remembered
    if (remembered && isUnchanged(remembered.code)) {
      refresh(remembered)
      return remembered
    }
    known.delete(name)
    const beganMs = Date.now()
    const path = await realpath(name).catch(() => undefined)
    const code = path?.startsWith(`${folder}/`) ? await codeOf(folder, entrypoint) : undefined
    if (path === undefined || !code) return undefined
    const found = { path, code }
    const isSettled = [...code.modules.values()].every(({ changedMs }) => beganMs - changedMs > SETTLED_MS)
    if (isSettled && known.size < KNOWN_MAX) known.set(name, found)
    return found
  }

  async function keptFolder(digest: string, { runId, signal }: Occasion): Promise<string | undefined> {
    return unpacked.folder(digest, async () => {
      for (const source of sources) {
        const text = await source(digest, runId, signal)
        const pack = text === undefined ? undefined : readPack(text, digest)
        if (pack) return pack
      }
      return undefined
    })
  }

  return async (entrypoint, codeDigest, occasion) => {
    const here = await read(catalog, entrypoint)
    if (here?.code.digest === codeDigest) return { path: here.path }
    const folder = await keptFolder(codeDigest, occasion)
    const kept = folder === undefined ? undefined : await read(folder, entrypoint)
    if (folder !== undefined && kept?.code.digest === codeDigest) return { path: kept.path, folder }
    const which = `the code of ${entrypoint} that was judged, ${codeDigest.slice(0, 16)}…,`
    if (folder !== undefined) return mismatch(`${which} was changed where it is kept`)
    return mismatch(`${which} is neither in this node's catalog nor kept`)
  }
}

/** Actions that come together are one look at the files. */
function refresh(known: Known): void {
  known.isFresh = true
  setImmediate(() => {
    known.isFresh = false
  })
}

const isUnchanged = ({ modules }: Code): boolean =>
  [...modules].every(([path, mark]) => fileMark(path).text === mark.text)

const mismatch = (message: string) => ({ refusal: { code: 'code_mismatch', message } })

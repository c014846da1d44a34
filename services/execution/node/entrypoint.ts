import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '@azora/contracts'
import { type Code, codeOf, fileMark } from '../code-digest.ts'

/** Finds the code of a skill and checks that it is the code which was judged. */
export type FindEntrypoint = (
  entrypoint: string,
  codeDigest: string,
) => Promise<{ path: string } | { refusal: Failure }>

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
 *
 * @param catalog real path of the folder of the skills that this node has
 */
export function createFindEntrypoint(catalog: string): FindEntrypoint {
  const known = new Map<string, Known>()

  async function read(entrypoint: string): Promise<Known | undefined> {
    const remembered = known.get(entrypoint)
    if (remembered?.isFresh) return remembered
    if (remembered && isUnchanged(remembered.code)) {
      refresh(remembered)
      return remembered
    }
    known.delete(entrypoint)
    const beganMs = Date.now()
    const path = await realpath(join(catalog, entrypoint)).catch(() => undefined)
    const code = path?.startsWith(`${catalog}/`) ? await codeOf(catalog, entrypoint) : undefined
    if (path === undefined || !code) return undefined
    const found = { path, code }
    const isSettled = [...code.modules.values()].every(({ changedMs }) => beganMs - changedMs > SETTLED_MS)
    if (isSettled && known.size < KNOWN_MAX) known.set(entrypoint, found)
    return found
  }

  return async (entrypoint, codeDigest) => {
    const found = await read(entrypoint)
    if (!found) return mismatch(`${entrypoint}, or a module that it imports, is not in this node's catalog`)
    if (found.code.digest !== codeDigest) return mismatch(`the code of ${entrypoint} is not the code that was judged`)
    return { path: found.path }
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

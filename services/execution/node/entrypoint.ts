import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '@azora/contracts'
import { codeDigestOf } from '../code-digest.ts'

/** Finds the code of a skill and checks that it is the code which was judged. */
export async function findEntrypoint(
  catalog: string,
  entrypoint: string,
  codeDigest: string,
): Promise<{ path: string } | { refusal: Failure }> {
  const path = await realpath(join(catalog, entrypoint)).catch(() => undefined)
  if (!path?.startsWith(`${catalog}/`)) return mismatch(`${entrypoint} is not in this node's catalog`)
  const digest = await codeDigestOf(catalog, entrypoint)
  if (digest === undefined) return mismatch(`${entrypoint} or a module that it imports can't be read`)
  if (digest !== codeDigest) return mismatch(`the code of ${entrypoint} is not the code that was judged`)
  return { path }
}

const mismatch = (message: string) => ({ refusal: { code: 'code_mismatch', message } })

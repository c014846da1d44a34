import { resolve } from 'node:path'
import type { ConstitutionFiles } from '@azora/contracts'
import type { Policy } from '@azora/law'
import { CliError, EXIT } from '../../exit.ts'

/** A constitution in a folder, found to be a law. */
export interface Draft {
  folder: string
  digest: string
  files: ConstitutionFiles
  policies: readonly Policy[]
}

const NO_DRAFT = 'Name the folder of a constitution: it has CONSTITUTION.md and articles/.'

/** Loads the law's machinery, which takes a moment, so only when it is needed. */
export async function draftIn(path: string): Promise<Draft> {
  const folder = resolve(path)
  const { compileLaw, lawFilesOf, readConstitution } = await import('@azora/law')
  try {
    const files = await readConstitution(folder)
    const { digest, policies } = compileLaw(lawFilesOf(files))
    return { folder, digest, files, policies }
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message?: string }
    if (code !== 'law_invalid' && code !== 'law_unreadable') throw thrown
    throw new CliError(EXIT.usage, code, message ?? code, code === 'law_invalid' ? 'Correct the draft.' : NO_DRAFT)
  }
}

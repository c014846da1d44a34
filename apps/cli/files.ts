import { readFile, stat } from 'node:fs/promises'
import { type CliError, usageError } from './exit.ts'

const FILE_BYTES_MAX = 512 * 1024 * 1024

/** The bytes of a file that a person named, which is not larger than any that makes sense. */
export async function fileBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size <= FILE_BYTES_MAX) return await readFile(file)
  } catch (thrown) {
    throw unreadable(file, thrown as NodeJS.ErrnoException)
  }
  throw usageError(`the file ${file} is larger than ${FILE_BYTES_MAX} bytes`)
}

/** What a person can do about a file that can't be read. */
export function unreadable(file: string, { code, message }: NodeJS.ErrnoException): CliError {
  if (code === 'ENOENT') return usageError(`there is no file ${file}`)
  if (code === 'EISDIR') return usageError(`${file} is a folder`)
  if (code === 'EACCES' || code === 'EPERM')
    return usageError(`you may not read ${file}`, 'Ask its owner, or name a copy.')
  return usageError(`${file} can't be read: ${message}`)
}

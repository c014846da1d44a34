import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { ARTIFACT_BYTES_MAX } from '@azora/contracts'
import { CliError, EXIT, usageError } from '../../exit.ts'
import { unreadable } from '../../files.ts'

/** A file that is to be handed over. */
export interface OpenFile {
  digest: string
  content: Blob
  /** Rejects when the file isn't what it was any more. */
  assertUnchanged(): Promise<void>
}

/** Rejects with what a person can do about a path that is no file of at most 256 MiB that may be read. */
export async function openFile(path: string): Promise<OpenFile> {
  const before = await statOf(path)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash).catch((thrown) => {
    throw unreadable(path, thrown)
  })
  const content = await openAsBlob(path)
  async function assertUnchanged(): Promise<void> {
    const now = await statOf(path)
    if (now.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs) return
    throw new CliError(
      EXIT.conflict,
      'file_changed',
      `${path} changed while it was read`,
      'Hand over a copy of it that nothing writes to.',
    )
  }
  await assertUnchanged()
  return { digest: hash.digest('hex'), content, assertUnchanged }
}

async function statOf(path: string): Promise<{ ino: number; size: number; mtimeMs: number }> {
  const found = await stat(path).catch((thrown) => {
    throw unreadable(path, thrown)
  })
  if (found.isDirectory()) throw usageError(`${path} is a folder`, 'Pack it into one file first, as with tar.')
  if (!found.isFile()) throw usageError(`${path} is no regular file`, 'Write its content to a file first.')
  if (found.size <= ARTIFACT_BYTES_MAX) return found
  const most = `${ARTIFACT_BYTES_MAX} bytes (${ARTIFACT_BYTES_MAX / 1024 ** 2} MiB)`
  throw new CliError(
    EXIT.usage,
    'artifact_too_large',
    `${path} has ${found.size} bytes, and an artifact at most ${most}`,
    'Split it, or compress it.',
  )
}

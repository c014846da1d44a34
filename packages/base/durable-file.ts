import { existsSync } from 'node:fs'
import { chmod, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

export const SECRET_MODE = 0o600

/** For its owner's eyes only, also when it was there before. */
export async function readOrCreate(file: string, create: () => string): Promise<string> {
  if (!existsSync(file)) await writeWhole(file, create(), SECRET_MODE)
  await chmod(file, SECRET_MODE)
  return readFile(file, 'utf8')
}

/**
 * Writes beside the file and moves it there, so that a reader never sees half of it. Resolves when it is on disk, so that
 * it outlives a loss of power.
 */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}.new`
  const handle = await open(draft, 'w', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await move(draft, file)
}

/** Takes the place of what was there; resolves when that is on disk. */
export async function move(from: string, to: string): Promise<void> {
  await rename(from, to)
  const folder = await open(dirname(to), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

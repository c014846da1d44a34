import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** The first `maxBytes` of a regular file; undefined when there is none. Links are not followed. */
async function readHead(file: string, maxBytes: number): Promise<Buffer | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  )
  if (handle === undefined) return undefined
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) return undefined
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** {@link readHead} as text; undefined also for binary content. */
export async function readText(file: string, maxBytes = 1_048_576): Promise<string | undefined> {
  const data = await readHead(file, maxBytes)
  return data === undefined || data.subarray(0, 8192).includes(0) ? undefined : data.toString('utf8')
}

/** An object read from a JSON file; undefined when it isn't one. */
export async function readJsonObject(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await readText(file)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

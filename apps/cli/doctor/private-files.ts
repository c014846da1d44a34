import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

/**
 * Files that give whoever reads them the rights of somebody: tokens and private keys.
 *
 * @param more files outside of the data directory
 */
export async function privateFilesFinding(dataDir: string, more: readonly string[]): Promise<Finding> {
  const name = 'tokens and keys'
  const keys = join(dataDir, 'keys')
  const held = await readdir(keys).catch((): string[] => [])
  const files = [
    join(dataDir, 'owner.token'),
    join(dataDir, 'server.json'),
    ...held.filter((file) => !file.endsWith('.vkey')).map((file) => join(keys, file)),
    ...more,
  ]
  const open = await openOnes(files)
  if (open.length === 0)
    return {
      name,
      level: 'ok',
      detail: held.length === 0 ? 'will be made at the first start' : 'open to nobody else',
    }
  return {
    name,
    level: 'fail',
    detail: `open to others: ${open.map(({ file, mode }) => `${file} (0${mode.toString(8)})`).join(', ')}`,
    mend: `chmod 600 ${open.map(({ file }) => `'${file}'`).join(' ')}; rotate them if others may have read them`,
  }
}

async function openOnes(files: readonly string[]): Promise<Array<{ file: string; mode: number }>> {
  const found = await Promise.all(
    files.map(async (file) => {
      const stats = await stat(file).catch(() => undefined)
      return stats?.isFile() && (stats.mode & 0o077) !== 0 ? [{ file, mode: stats.mode & 0o777 }] : []
    }),
  )
  return found.flat()
}

import type { Stats } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytes } from '../output/text.ts'
import type { Finding } from './finding.ts'

const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

const modeText = (stats: Stats): string => `0${(stats.mode & 0o777).toString(8)}`

export async function dataDirectoryFinding(dataDir: string): Promise<Finding> {
  const name = 'data directory'
  const stats = await statOf(dataDir)
  if (!stats) return { name, level: 'ok', detail: `${dataDir} will be made at the first start` }
  if (!stats.isDirectory()) {
    return {
      name,
      level: 'fail',
      detail: `${dataDir} is not a directory`,
      mend: 'Move it away, or set AZORA_DATA_DIR to another place.',
    }
  }
  if ((stats.mode & 0o022) !== 0) {
    return {
      name,
      level: 'fail',
      detail: `${dataDir} can be written by others (${modeText(stats)})`,
      mend: `chmod 700 '${dataDir}'`,
    }
  }
  if ((stats.mode & 0o077) !== 0) {
    return {
      name,
      level: 'warn',
      detail: `${dataDir} can be read by others (${modeText(stats)})`,
      mend: `chmod 700 '${dataDir}'`,
    }
  }
  return { name, level: 'ok', detail: `${dataDir} (${modeText(stats)})` }
}

const LEAST_BYTES = 256 * 1024 ** 2
const COMFORTABLE_BYTES = 1024 ** 3

export async function diskFinding(dataDir: string): Promise<Finding> {
  const name = 'disk space'
  const place = await nearestExisting(dataDir)
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const detail = `${bytes(free)} free at ${place}`
  if (free >= COMFORTABLE_BYTES) return { name, level: 'ok', detail }
  return {
    name,
    level: free < LEAST_BYTES ? 'fail' : 'warn',
    detail,
    mend: 'Free some space, or set AZORA_DATA_DIR to another disk.',
  }
}

async function nearestExisting(path: string): Promise<string> {
  return (await statOf(path)) || dirname(path) === path ? path : nearestExisting(dirname(path))
}

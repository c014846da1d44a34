import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Keeps a filter where each sandbox can read it from its beginning.
 *
 * @returns opens it; whoever opens it closes it
 */
export function keepFilter(filter: Buffer): () => number {
  const folder = mkdtempSync(join(tmpdir(), 'azora-filter-'))
  const path = join(folder, 'filter')
  writeFileSync(path, filter, { mode: 0o400, flag: 'wx' })
  const kept = openSync(path, 'r')
  // It has no name any more; a path by our own descriptor opens it anew, at its beginning.
  rmSync(folder, { recursive: true })
  return () => openSync(`/proc/self/fd/${kept}`, 'r')
}

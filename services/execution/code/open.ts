import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type CodeSource, createFindCode, type FindCode } from './find.ts'
import { createUnpacked } from './unpacked.ts'

/**
 * Finds code in a project's catalogue, or where it was kept.
 *
 * @param folder where kept code is run, for one process alone
 */
export function openFindCode(projectRoot: string, folder: string, sources: readonly CodeSource[] = []): FindCode {
  const root = realpathSync(projectRoot)
  const unpacked = createUnpacked(folder, join(root, 'node_modules'))
  return createFindCode({ catalog: join(root, 'catalog'), unpacked, sources })
}

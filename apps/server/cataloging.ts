import type { Log } from '@azora/base'
import { type Catalog, describeCatalog, type Isolation } from '@azora/execution'
import { PROJECT_ROOT } from './project-root.ts'

/** Has the catalog described by processes of its own, while this one does other things until it asks for it. */
export function describeCatalogIn(isolation: Isolation): (log: Log) => Promise<Catalog> {
  const describing = describeCatalog({ isolation, projectRoot: PROJECT_ROOT })
  // A start that fails meanwhile says why it failed itself.
  describing.catch(() => {})
  return async (log) => {
    const catalog = await describing
    for (const { entrypoint, message } of catalog.errors)
      log.error({ entrypoint, message }, 'a module of the catalog is broken')
    return catalog
  }
}

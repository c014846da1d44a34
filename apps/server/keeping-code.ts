import { type Log, toAzoraError } from '@azora/base'
import type { Catalog, CodeStore } from '@azora/execution'
import type { Orchestrator } from '@azora/orchestrator'
import type { Registry } from '@azora/skills'

type Offered = Pick<Catalog, 'skills' | 'agents'>

/**
 * Keeps the code of all that a catalogue holds, for as long as a run may need it. What can't be kept is left out: a run that
 * used it could not go on once the catalogue has changed.
 */
export async function keepCode(store: CodeStore, { skills, agents }: Offered, log: Log): Promise<Offered> {
  const kept = async <T extends { entrypoint: string; codeDigest: string }>(manifests: T[]): Promise<T[]> => {
    const found: T[] = []
    for (const manifest of manifests) {
      try {
        await store.keep(manifest.entrypoint, manifest.codeDigest)
        found.push(manifest)
      } catch (thrown) {
        log.error({ err: toAzoraError(thrown), entrypoint: manifest.entrypoint }, 'it is left out of the catalogue')
      }
    }
    return found
  }
  return { skills: await kept(skills), agents: await kept(agents) }
}

/** Removes the code that no run can need any more which has not ended. What can't be removed now is at the next start. */
export async function sweepCode(
  store: CodeStore,
  registry: Pick<Registry, 'codeSince'>,
  orchestrator: Pick<Orchestrator, 'openSince'>,
  log: Log,
): Promise<void> {
  try {
    const needed = registry.codeSince(await orchestrator.openSince())
    const gone = await store.sweep((digest) => needed.has(digest))
    if (gone.length > 0) log.info({ versions: gone.length }, 'code was removed that no run needs any more')
  } catch (thrown) {
    log.warn({ err: toAzoraError(thrown) }, 'code that no run needs could not be removed')
  }
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Derived, ErasedRun } from '@azora/erasure'
import type { ArtifactStore } from '@azora/execution'

/**
 * What runs leave behind beside the journal. It goes as a whole as soon as one of the run's outcomes is erased: nothing
 * says any more which file came from which.
 *
 * @param dataDir of the node that the server starts
 */
export function leftoversOf(dataDir: string, artifacts: Pick<ArtifactStore, 'removeRun'>): Derived[] {
  const ofOutcomes = (remove: (run: ErasedRun) => Promise<void>) => async (runs: readonly ErasedRun[]) => {
    for (const run of runs) if (run.kinds.has('action.finished')) await remove(run)
  }
  return [
    {
      name: 'workspaces',
      forget: ofOutcomes(({ runId }) => rm(join(dataDir, 'workspaces', runId), { recursive: true, force: true })),
    },
    { name: 'artifacts', forget: ofOutcomes((run) => artifacts.removeRun(run)) },
  ]
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes what the node of this data directory kept of runs that have ended. */
export async function forgetWorkspaces(dataDir: string, runs: readonly string[]): Promise<void> {
  for (const run of runs) await rm(join(dataDir, 'workspaces', run), { recursive: true, force: true })
}

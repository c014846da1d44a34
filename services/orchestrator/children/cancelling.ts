import { toAzoraError } from '@azora/base'
import type { Journal, TenantRuns } from '@azora/journal'
import { controlRun, controls } from '../commands/control.ts'
import { SYSTEM } from '../driving/moves.ts'

/** Asks a child to end, unless it has: then that is heard. */
export async function cancelChild(
  journal: Pick<Journal, 'append'> & TenantRuns,
  { runId, tenant }: { runId: string; tenant: string },
  why: string,
): Promise<void> {
  try {
    await controlRun(journal, { id: SYSTEM, tenant }, runId, controls.cancel(why))
  } catch (thrown) {
    if (toAzoraError(thrown).code !== 'illegal_transition') throw thrown
  }
}

import { AzoraError } from '@azora/base'
import type { Dependency } from '@azora/contracts'
import type { TenantRuns } from '@azora/journal'
import type { Caller } from '../commands/schedule.ts'

/** @throws AzoraError `run_not_found` for a run that doesn't exist, or is another tenant's */
export async function assertKnown(journal: TenantRuns, caller: Caller, after: readonly Dependency[]): Promise<void> {
  for (const { run } of after) {
    const [first] = await journal.within(caller.tenant).readRun(run, -1, 1)
    if (first?.header.tenant === caller.tenant) continue
    throw new AzoraError('missing', 'run_not_found', `there is no run ${run} to start after`, {
      remedy: 'List the runs: azora run list',
    })
  }
}

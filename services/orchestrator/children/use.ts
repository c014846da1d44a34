import type { Amounts } from '@azora/contracts'
import type { TenantRuns } from '@azora/journal'
import { newUse } from '../budgets/own.ts'
import { foldRun } from '../fold/fold.ts'
import type { ChildSpec } from './child.ts'

/** What a child that has ended used of what it had of its parent; undefined where its record doesn't tell. */
export async function useOf(journal: TenantRuns, { caller, runId, budget }: ChildSpec): Promise<Amounts | undefined> {
  if (!newUse(budget)) return undefined
  const entries = await journal.within(caller.tenant).readRun(runId)
  const fold = foldRun(entries)
  if (!fold) return entries.length === 0 ? {} : undefined
  return fold.erasures.size === 0 ? fold.own?.used : undefined
}

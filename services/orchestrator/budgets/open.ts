import type { Clock } from '@azora/base'
import type { AdmissionLimits } from '@azora/contracts'
import { type Budgets, createBudgets } from './budgets.ts'
import { type FollowDeps, followLedger } from './follow.ts'

/** The budgets in force, with all that the journal says was used of them. */
export async function openBudgets({
  limits,
  ...deps
}: FollowDeps & { clock: Clock; limits: { view(): { limits: AdmissionLimits } } }): Promise<
  Budgets & { stop(): Promise<void> }
> {
  const { ledger, stop } = await followLedger(deps)
  return { ...createBudgets(ledger, () => limits.view().limits, deps.clock.now), stop }
}

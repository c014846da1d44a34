import type { EntryPayload } from '@azora/contracts'
import type { Stored } from '../database/tables.ts'

type Scheduled = EntryPayload<'run.scheduled'>

/** The entries that a fork took over, in the form of the others. */
export function takenEntries({ takenOver }: Scheduled): Array<Pick<Stored, 'header' | 'payload'>> {
  return (takenOver?.entries ?? []) as unknown as Array<Pick<Stored, 'header' | 'payload'>>
}

/** What a run has proposed when it begins: its own plan of one step, or what was taken over. */
export function proposedBefore(scheduled: Scheduled): { proposed: number; turns: number } {
  const alone = scheduled.spec.plan?.steps.length === 1 ? 1 : 0
  const plans = takenEntries(scheduled).flatMap(({ header, payload }) =>
    header.kind === 'plan.proposed' ? [payload as EntryPayload<'plan.proposed'>] : [],
  )
  return {
    proposed: plans.reduce((sum, { plan }) => sum + plan.steps.length, alone),
    turns: (plans.at(-1)?.turn ?? -1) + 1,
  }
}

import type { Entry, Money, RunFacts, Taint } from '@azora/contracts'
import type { StepFold } from './step-fold.ts'

/** What a run's entries add up to, for articles about the whole run. */
export interface RunTally {
  deniedInARow: number
  failedInARow: number
  readonly taints: Set<Taint>
}

export const newTally = (): RunTally => ({ deniedInARow: 0, failedInARow: 0, taints: new Set() })

/** Counts one entry. Success and people's consent end a row: both show that the run is on its way again. */
export function countEntry(tally: RunTally, { header, payload }: Entry): void {
  if (header.kind === 'action.verified' && 'result' in payload && 'action' in payload) {
    if (payload.result.verdict === 'deny') tally.deniedInARow += 1
  } else if (header.kind === 'action.finished' && 'outcome' in payload) {
    // An attempt that is followed by a declared one is not yet how the action ended.
    if (payload.outcome.state === 'failed' && !payload.retry) tally.failedInARow += 1
    if (payload.outcome.state === 'succeeded') endRows(tally)
    for (const taint of payload.observed?.taints ?? []) tally.taints.add(taint)
  } else if (header.kind === 'wait.ended' && 'by' in payload) {
    for (const taint of payload.observed?.taints ?? []) tally.taints.add(taint)
  } else if (header.kind === 'review.decided' && 'decision' in payload) {
    if (payload.decision === 'approve') endRows(tally)
    if (payload.decision === 'deny') tally.deniedInARow += 1
  }
}

function endRows(tally: RunTally): void {
  tally.deniedInARow = 0
  tally.failedInARow = 0
}

/** What the gate is told about the run when it judges one of its steps. */
export function runFactsFor(
  { tally, steps }: { tally: RunTally; steps: ReadonlyMap<string, StepFold> },
  step: StepFold,
): RunFacts {
  const others = [...steps.values()].filter((other) => other !== step)
  return {
    actions: others.filter(({ verifications }) => verifications > 0).length,
    deniedInARow: tally.deniedInARow,
    failedInARow: tally.failedInARow,
    taints: [...tally.taints].sort(),
    spent: sumOf(others.flatMap(spentBy)),
    planFindings: [...(step.planFindings ?? [])],
  }
}

/** Money counts as spent from the moment that its action was allowed, unless it is certain that nothing happened. */
function spentBy({ action, result, reserved, outcome, invalid }: StepFold): readonly Money[] {
  if (reserved) return reserved
  const allowed = action !== undefined && result?.verdict === 'allow' && invalid === undefined
  return allowed && outcome?.state !== 'cancelled' ? (action.resources.spend ?? []) : []
}

function sumOf(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, number>()
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ currency, amount }))
}

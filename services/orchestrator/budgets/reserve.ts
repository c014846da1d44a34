import type { Clock } from '@azora/base'
import type { Action, Amounts, Share } from '@azora/contracts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { hasEnded } from '../fold/step-state.ts'
import { difference, sumOf } from './amounts.ts'
import type { Bound, Budgets, Hold, Reached } from './budgets.ts'
import { keyOf, OWN, ownBound, reservedBy } from './own.ts'
import { mostOfChild, shareOf, startsRun } from './share.ts'

const LOOK_MS = 100
/** Other actions may settle for less than they reserved within so many looks. */
const LOOKS_MAX = 50

/** Room for an action, and what it lets a child use. */
export interface Room extends Pick<Hold, 'release'> {
  share?: Share
  /** Whether it is still there when the action is about to begin: budgets may be others than when it was found. */
  confirm(): boolean
}

/**
 * Room for the action. While only reservations of other runs are in its way it waits for them a little. Those of its own run
 * are given back by entries of that: the step is `crowded` until then, and waits without being carried.
 */
export async function roomFor(
  { budgets, clock }: { budgets: Budgets; clock: Pick<Clock, 'after'> },
  fold: RunFold,
  action: Action,
  signal: AbortSignal,
): Promise<Room | { reached: Reached } | 'crowded'> {
  for (let looks = 1; ; looks += 1) {
    const held = holdFor(budgets, fold, action)
    if (!('reached' in held) || !held.reached.mayFit) return held
    if (held.reached.of === OWN) return crowdsIn(budgets, fold, action) ? crowd(fold, action) : held
    if (looks >= LOOKS_MAX || signal.aborted) return held
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve)
    })
  }
}

/** Whether other steps than the action's hold what is reserved of the run's budget. What it holds itself it keeps. */
function crowdsIn(budgets: Pick<Budgets, 'heldBy'>, { own, spec }: RunFold, { stepId }: Action): boolean {
  const holders = [...(own?.open ?? []).map(({ step }) => step), ...budgets.heldBy(keyOf(spec)).keys()]
  return holders.some((step) => step !== stepId)
}

function crowd({ steps, own }: RunFold, { stepId }: Action): 'crowded' {
  const step = steps.get(stepId)
  if (step && own) step.crowdedAt = own.settlements
  return 'crowded'
}

/** True while nothing was given back since other steps were found in the way of this one, and any of them may still do so. */
export const isCrowded = ({ own }: Pick<RunFold, 'own'>, { step, crowdedAt }: StepFold, othersGoOn: boolean): boolean =>
  own !== undefined && crowdedAt === own.settlements && (othersGoOn || own.open.some((one) => one.step !== step.id))

/** Keeps room for the action, and for all that its child may do, where it starts one. */
export function holdFor(
  budgets: Pick<Budgets, 'hold' | 'heldBy'>,
  fold: RunFold,
  action: Action,
): Room | { reached: Reached } {
  if (!startsRun(action)) return kept(budgets.hold(action, ownBound(fold)), () => ownBound(fold))
  // It begins anew where it was allowed before and started nothing.
  const boundNow = (): Bound | undefined => {
    const own = ownBound(fold)
    return own && fold.own && { ...own, reserved: reservedBy(fold.own, action.stepId) }
  }
  const bound = boundNow()
  const held = bound ? budgets.heldBy(bound.key) : new Map<string, Amounts>()
  const left = bound ? difference(bound.allowed, sumOf(bound.used, bound.reserved, ...held.values())) : {}
  const share = shareOf(action, fold.spec.budget, left, partsOf(fold, action.stepId, held))
  const asked = mostOfChild(action, share)
  const asking = (to: Bound | undefined): Bound | undefined => to && { ...to, asked }
  const room = kept(budgets.hold(action, asking(bound)), () => asking(boundNow()))
  return 'reached' in room || Object.keys(share).length === 0 ? room : { ...room, share }
}

const kept = (hold: Hold | { reached: Reached }, own: () => Bound | undefined): Room | { reached: Reached } =>
  'reached' in hold ? hold : { release: hold.release, confirm: () => hold.confirm(own()) }

/** Steps that are still to begin, with this one. */
function partsOf({ steps, own }: RunFold, stepId: string, held: ReadonlyMap<string, Amounts>): number {
  const begun = new Set([...held.keys(), ...(own?.open ?? []).map(({ step }) => step)])
  return [...steps].filter(([id, step]) => id === stepId || !(begun.has(id) || hasEnded(step))).length
}

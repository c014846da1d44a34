import { AzoraError } from '@azora/base'
import { type Entry, type EntryKind, isErased, type Step } from '@azora/contracts'
import { isKind, KINDS_ABOUT_STEPS, stepIdOf } from '../fold/about-step.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { hasEnded, stateOf } from '../fold/step-state.ts'

type Proposed = Entry<'plan.proposed'> & Entry

/** Kinds of which a fork may take entries over. */
const TAKEN = new Set<EntryKind>(['agent.recognized', 'plan.proposed', 'run.signalled'])

const isTakeable = ({ header }: Entry): boolean => TAKEN.has(header.kind) || KINDS_ABOUT_STEPS.has(header.kind)

/**
 * The entries that a fork takes over: all of the plans before that of the step; of its own plan the steps that it waits for,
 * and those that succeeded without waiting for anything that is performed again.
 *
 * @param history of the run that is forked, without its first entry
 * @param from the first step to perform again; without one, all that has ended is taken over
 * @throws AzoraError `run_erased`, `step_compensated`
 */
export function takeOver(fold: RunFold, history: readonly Entry[], from: string | undefined): Entry[] {
  if (history.some((entry) => isErased(entry) && isTakeable(entry))) throw erased(fold)
  const plans = history.filter((entry): entry is Proposed => isKind(entry, 'plan.proposed'))
  const last = from === undefined ? plans.at(-1) : plans.find((plan) => proposes(plan, from))
  // Nothing stands before the step of a run that performs one action without proposing it.
  if (!last) return from === undefined ? history.filter((entry) => isKind(entry, 'agent.recognized')) : []
  const kept = keptPlans(plans, last)
  const again = performedAgain(fold, last.payload.plan.steps, from)
  const steps = new Set(kept.flatMap(({ payload }) => payload.plan.steps.map(({ id }) => id)))
  for (const stepId of again) steps.delete(stepId)
  assertNotUndone(fold, steps)
  return pick(history, kept, steps)
}

const proposes = ({ payload }: Proposed, stepId: string): boolean => payload.plan.steps.some(({ id }) => id === stepId)

/** A plan that was denied is not taken over: it is made again, and judged under the law of today. */
const keptPlans = (plans: readonly Proposed[], { payload: { turn, result } }: Proposed): Proposed[] =>
  plans.filter(({ payload }) => payload.turn < turn || (payload.turn === turn && result?.verdict !== 'deny'))

/** What of a plan is performed again, with everything that waits for it. */
function performedAgain(fold: RunFold, plan: readonly Step[], from: string | undefined): Set<string> {
  const before = from === undefined ? new Set<string>() : closure(from, (id) => fold.steps.get(id)?.waitsFor ?? [])
  const again = new Set<string>(from === undefined ? [] : [from])
  for (const { id } of plan) {
    const step = fold.steps.get(id)
    if (step && hasEnded(step) && (stateOf(step) === 'succeeded' || before.has(id))) continue
    again.add(id)
  }
  for (const id of [...again]) for (const later of closure(id, (of) => waitingFor(fold, plan, of))) again.add(later)
  return again
}

const waitingFor = (fold: RunFold, plan: readonly Step[], stepId: string): string[] =>
  plan.flatMap(({ id }) => (fold.steps.get(id)?.waitsFor.includes(stepId) ? [id] : []))

/** All that is reached from a step, without the step. */
function closure(start: string, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = [...next(start)]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...next(id))
  }
  return found
}

function assertNotUndone({ spec, steps }: RunFold, taken: ReadonlySet<string>): void {
  for (const { compensates } of steps.values()) {
    if (compensates === undefined || !taken.has(compensates)) continue
    throw new AzoraError(
      'conflict',
      'step_compensated',
      `run ${spec.runId} undid step ${compensates}, so it can't be taken over`,
      { remedy: `Fork from ${compensates} or from a step before it.` },
    )
  }
}

function pick(history: readonly Entry[], plans: readonly Proposed[], steps: ReadonlySet<string>): Entry[] {
  const isAboutTaken = (entry: Entry): boolean =>
    KINDS_ABOUT_STEPS.has(entry.header.kind) && steps.has(stepIdOf(entry) ?? '')
  const signals = new Set(
    history.flatMap((entry) =>
      isKind(entry, 'wait.ended') && isAboutTaken(entry) && entry.payload.signal !== undefined
        ? [entry.payload.signal]
        : [],
    ),
  )
  return history.filter(
    (entry) =>
      !isErased(entry) &&
      (isKind(entry, 'agent.recognized') ||
        plans.some((plan) => plan === entry) ||
        isAboutTaken(entry) ||
        (isKind(entry, 'run.signalled') && signals.has(entry.header.index))),
  )
}

export const erased = ({ spec }: RunFold): AzoraError =>
  new AzoraError('conflict', 'run_erased', `what run ${spec.runId} did is erased, at least in part`, {
    remedy: 'Start a new run: azora run start',
  })

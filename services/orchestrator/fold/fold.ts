import { type Entry, type EntryHeader, type EntryPayload, isErased, isTerminal, type RunState } from '@azora/contracts'
import { countOwn, newUse, setBudget } from '../budgets/own.ts'
import { shareNewLimits } from '../budgets/share-later.ts'
import { leftIn } from '../children/child.ts'
import { takenFrom } from '../forking/taken.ts'
import { isKind, KINDS_ABOUT_STEPS } from './about-step.ts'
import { applyToStep } from './apply-to-step.ts'
import { askAnew } from './attempt-fold.ts'
import { applyErased, erasedSpec } from './erased.ts'
import { addSteps, beginEnding } from './plan-fold.ts'
import { countEntry, newTally } from './run-facts.ts'
import { proposesPlan, type RunFold } from './run-fold.ts'
import { hasEnded } from './step-state.ts'
import { signalOf } from './wait-fold.ts'

/** Folds a run's entries; undefined when the first one doesn't schedule it. */
export function foldRun(entries: readonly Entry[]): RunFold | undefined {
  const [first, ...rest] = entries
  if (first?.header.kind !== 'run.scheduled') return undefined
  const fold = begin(first as Entry<'run.scheduled'>, rest)
  for (const entry of rest) applyEntry(fold, entry)
  return fold
}

function begin(entry: Entry<'run.scheduled'>, rest: readonly Entry[]): RunFold {
  const specErased = isErased(entry)
  const spec = specErased ? erasedSpec(entry.header, rest) : entry.payload.spec
  const own = newUse(spec.budget)
  const fold: RunFold = {
    spec,
    state: 'scheduled',
    catalogAt: entry.header.index,
    turns: 0,
    steps: new Map(),
    tally: newTally(),
    ...(own && { own }),
    batches: [],
    signals: [],
    erasures: new Map(),
    specErased,
    lastIndex: entry.header.index,
    entries: countOf(entry.header),
  }
  if (specErased) applyErased(fold, entry)
  if (spec.plan && !proposesPlan(fold)) addSteps(fold, spec.plan.steps)
  if (!specErased) takeOver(fold, takenFrom(entry))
  return fold
}

/** Begins where another run stood, as far as its entries were taken over. The law counts what they did, as it did there. */
function takeOver(fold: RunFold, entries: readonly Entry[]): void {
  for (const entry of entries) {
    applyPayload(fold, entry)
    countEntry(fold.tally, entry)
  }
  // What people allowed there beyond the action itself was allowed to that run.
  fold.batches.length = 0
  for (const step of fold.steps.values()) if (hasEnded(step)) step.takenOver = true
}

/** Changes the fold by one entry; entries that it has seen change nothing. */
export function applyEntry(fold: RunFold, entry: Entry): void {
  if (entry.header.index <= fold.lastIndex) return
  applyHeader(fold, entry.header)
  if (isErased(entry)) applyErased(fold, entry)
  else {
    applyPayload(fold, entry)
    countEntry(fold.tally, entry)
    if (fold.own) countOwn(fold.own, entry, new Set(leftIn(fold).map(({ step }) => step.id)))
  }
}

const countOf = ({ runIndex }: EntryHeader): number | undefined => (runIndex === undefined ? undefined : runIndex + 1)

function applyHeader(fold: RunFold, header: EntryHeader): void {
  const { index, kind, transition, at, actor } = header
  fold.lastIndex = index
  fold.entries = countOf(header)
  // Cancelled is cancelled, also where the reason was erased.
  if (kind === 'run.cancel_requested') fold.cancel = { by: actor, at }
  if (transition) applyTransition(fold, transition.to, at)
}

function applyTransition(fold: RunFold, to: RunState, at: string): void {
  if (to === 'paused') fold.pausedFrom = fold.state
  if (to === 'running') fold.startedAt ??= at
  if (isTerminal(to)) fold.finishedAt = at
  fold.state = to
}

function applyPayload(fold: RunFold, entry: Entry): void {
  if (KINDS_ABOUT_STEPS.has(entry.header.kind)) applyToStep(fold, entry)
  else if (isKind(entry, 'run.paused')) fold.pause = entry.payload
  else if (isKind(entry, 'run.resumed')) goOn(fold, entry)
  else if (isKind(entry, 'budget.reached')) fold.reached ??= entry.payload
  else if (isKind(entry, 'compensation.begun')) beginEnding(fold, entry)
  else if (isKind(entry, 'dependencies.settled')) fold.dependencies = entry.payload
  else if (isKind(entry, 'run.migrated')) fold.spec = { ...fold.spec, agentVersion: entry.payload.to }
  else if (isKind(entry, 'run.skills_migrated')) fold.catalogAt = entry.header.index
  else if (isKind(entry, 'run.signalled')) fold.signals.push(signalOf(entry))
  else if (isKind(entry, 'agent.recognized')) fold.pattern = entry.payload.pattern
  else if (isKind(entry, 'plan.proposed')) {
    fold.turns = entry.payload.turn + 1
    addSteps(fold, entry.payload.plan.steps, entry.payload.result)
  } else if (isKind(entry, 'agent.concluded')) {
    fold.turns = entry.payload.turn + 1
    fold.concluded = entry.payload
  } else if (isKind(entry, 'run.cancel_requested')) addReason(fold, entry.payload)
  else if (isKind(entry, 'run.validated')) fold.validated = { shard: entry.header.shard, index: entry.header.index }
  else if (isKind(entry, 'run.failed')) fold.error = entry.payload.error
}

function addReason({ cancel }: RunFold, { reason }: EntryPayload<'run.cancel_requested'>): void {
  if (cancel && reason !== undefined) cancel.reason = reason
}

function goOn(fold: RunFold, { payload }: Entry<'run.resumed'>): void {
  askAnew(fold.steps.values())
  setBudget(fold, payload)
  if (payload.budget) shareNewLimits(fold)
}

import { type DivergenceKind, type Entry, type EntryKind, isErased } from '@azora/contracts'
import type { RecordedRegistry } from '@azora/skills'
import type { Check } from './check.ts'
import { checkInvalid, checkStarted, checkVerified } from './checks/action.ts'
import { checkConcluded, checkProposed, checkRecognized } from './checks/agent.ts'
import { checkReached } from './checks/budget.ts'
import { checkCompensation } from './checks/compensation.ts'
import { checkFailed, checkSucceeded, checkValidated } from './checks/end.ts'
import { checkTransition, openMove } from './checks/move.ts'
import { checkFinished } from './checks/outcome.ts'
import { checkExpired, checkRequested } from './checks/review.ts'
import type { Checker, Scene } from './checks/scene.ts'
import { checkVerdictAlone } from './checks/verdict.ts'
import { checkBegun, checkEnded } from './checks/wait.ts'
import type { Findings } from './findings.ts'
import { decides, openPast } from './past.ts'

export interface RecordDeps extends Omit<Scene, 'past' | 'mind'> {
  /** The mind of a version of the run's agent; a text says why there is none. */
  mindOf(agentVersion: string): Scene['mind']
  registry: RecordedRegistry
  /** Go on after the first divergence. */
  all: boolean
  signal: AbortSignal
}

type Checkers = { readonly [K in EntryKind]?: Checker<K> }

/** What is decided in an entry of each kind. Entries of other kinds tell of people and of nodes, and are taken as they are. */
const CHECKERS: Checkers = {
  'run.started': (scene) => [openMove(scene, 'run.started', 'start')],
  'agent.recognized': checkRecognized,
  'plan.proposed': checkProposed,
  'agent.concluded': checkConcluded,
  'action.verified': checkVerified,
  'action.invalid': checkInvalid,
  'action.started': checkStarted,
  'action.finished': checkFinished,
  'budget.reached': checkReached,
  'compensation.begun': checkCompensation,
  'wait.begun': checkBegun,
  'wait.ended': checkEnded,
  'review.requested': checkRequested,
  'review.expired': checkExpired,
  'run.resumed': (scene, { header, payload }) =>
    header.actor.startsWith('system:') && payload.parent === undefined
      ? [openMove(scene, 'run.resumed', 'resume')]
      : [],
  'run.cancelled': (scene) => [openMove(scene, 'run.cancelled', 'cancel')],
  'run.validated': checkValidated,
  'run.succeeded': checkSucceeded,
  'run.failed': checkFailed,
}

/** As which kind of decision an erased entry is missed. */
const MISSED: Partial<Record<EntryKind, DivergenceKind>> = {
  'agent.recognized': 'agent',
  'plan.proposed': 'agent',
  'agent.concluded': 'agent',
  'action.verified': 'verdict',
  'action.invalid': 'action',
  'action.finished': 'observation',
  'wait.ended': 'observation',
  'run.validated': 'output',
}

/** So often other work gets its turn. */
const BREATHE_EVERY = 16

/**
 * Makes every decision of a run again, each from what is on record before it, and compares it with the record. Answers
 * whether it went to the end.
 */
export async function replayRecord(deps: RecordDeps, entries: readonly Entry[], findings: Findings): Promise<boolean> {
  const past = openPast(entries, deps.registry)
  if (!past) return replayVerdicts(deps, entries, findings)
  const scene: Scene = {
    ...deps,
    past,
    // A run may have moved to another version of its agent.
    get mind() {
      return deps.mindOf(past.fold.spec.agentVersion)
    },
  }
  for (const [at, entry] of entries.entries()) {
    if (at === 0) continue
    if (at % BREATHE_EVERY === 0) await breathe(deps.signal)
    past.approach(entry)
    if (isErased(entry)) {
      if (decides(entry)) findings.erased(entry, MISSED[entry.header.kind] ?? 'transition')
      for (const check of checkTransition(scene, entry)) findings.take(entry, check, past.gap)
    } else {
      const checks = [...(await checksOf(scene, entry)), ...checkTransition(scene, entry)]
      const same = checks.map((check) => findings.take(entry, check, past.gap)).every(Boolean)
      deps.signal.throwIfAborted()
      if (!same && !deps.all) return false
    }
    past.pass(entry)
  }
  return true
}

const checksOf = async (scene: Scene, entry: Entry): Promise<Check[]> =>
  (await (CHECKERS[entry.header.kind] as Checker<EntryKind> | undefined)?.(scene, entry)) ?? []

/** Without its beginning nothing of a run can be told but its verdicts, each of which says all that it depends on. */
async function replayVerdicts(
  { laws, all, signal }: RecordDeps,
  entries: readonly Entry[],
  findings: Findings,
): Promise<boolean> {
  for (const [at, entry] of entries.entries()) {
    if (at % BREATHE_EVERY === 0) await breathe(signal)
    const { kind } = entry.header
    if (isErased(entry)) {
      if (decides(entry)) findings.erased(entry, MISSED[kind] ?? 'transition')
    } else if (kind === 'action.verified') {
      const check = await checkVerdictAlone(laws, entry as Entry<'action.verified'>)
      if (!findings.take(entry, check, true) && !all) return false
    } else if (CHECKERS[kind]) {
      const message = 'it depends on how the run began, which was erased'
      findings.take(entry, { kind: MISSED[kind] ?? 'transition', unreplayed: 'depends_on_erased', message }, true)
    }
  }
  return true
}

async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}

import { type Entry, type EntryKind, mayFollow, type RunState } from '@azora/contracts'
import type { RunFold } from '../../fold/run-fold.ts'
import { type Check, type Compared, compared } from '../check.ts'
import type { Scene } from './scene.ts'

/** The engine wrote an entry of this kind: was it among what it could decide? */
export function openMove({ past: { course } }: Pick<Scene, 'past'>, kind: EntryKind, ...names: string[]): Compared {
  const open = names.find((name) => course.open(name) !== undefined)
  if (open !== undefined) course.close(open)
  const message = `nothing that went before leads to ${kind}`
  return compared(
    { kind: 'transition', message },
    names[0],
    open === undefined ? { instead: course.names() } : names[0],
  )
}

/** Where each kind of entry takes a run. */
const TARGETS: Partial<Record<EntryKind, RunState>> = {
  'run.started': 'running',
  'run.paused': 'paused',
  'run.validated': 'validated',
  'run.succeeded': 'success',
  'run.failed': 'fail',
  'run.cancelled': 'cancelled',
  'compensation.begun': 'running',
  'review.requested': 'awaiting_review',
  'review.decided': 'running',
  'review.expired': 'running',
}

/** These move a run only when it stands where they find it. */
const MAY_STAY = new Set<EntryKind>(['compensation.begun', 'review.requested', 'review.decided', 'review.expired'])

/** The change of the run's state that an entry says it makes. */
export function checkTransition({ past: { fold } }: Pick<Scene, 'past'>, { header }: Entry): Check[] {
  const { kind, transition } = header
  if (kind === 'run.scheduled' || (transition === undefined && MAY_STAY.has(kind))) return []
  const to = kind === 'run.resumed' && fold.state === 'paused' ? letGoOn(fold, transition?.to) : resumedTo(kind)
  const expected = to && mayFollow(fold.state, to) ? { from: fold.state, to } : null
  if (expected === null && transition === undefined && to === undefined) return []
  const message = 'the run does not stand where this leaves it'
  return [compared({ kind: 'transition', message }, { transition: transition ?? null }, { transition: expected })]
}

const resumedTo = (kind: EntryKind): RunState | undefined => (kind === 'run.resumed' ? 'running' : TARGETS[kind])

/**
 * Where people let a paused run go on. They do so from what they saw: whether others have to decide may have changed on the
 * way, and the run is put right behind it.
 */
function letGoOn({ pausedFrom }: RunFold, to: RunState | undefined): RunState | undefined {
  if (pausedFrom === undefined || pausedFrom === 'scheduled') return pausedFrom
  return to === 'awaiting_review' ? to : 'running'
}

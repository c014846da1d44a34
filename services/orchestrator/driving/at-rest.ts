import { isTerminal } from '@azora/contracts'
import { isAwaited } from '../children/child.ts'
import type { RunFold } from '../fold/run-fold.ts'

/**
 * Whether a run that nobody has to carry forward now may be left unread at a start. Not while it waits to start, which
 * has a queue of its own; nor while it has children or a parent: who ends is heard of only by those who are looked at.
 */
export const isAtRest = (fold: RunFold): boolean =>
  fold.state !== 'scheduled' &&
  !isTerminal(fold.state) &&
  !fold.spec.parent &&
  ![...fold.steps.values()].some((step) => isAwaited(fold, step))

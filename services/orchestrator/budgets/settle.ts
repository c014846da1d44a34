import { type Action, type Amounts, type Entry, isTerminal, NODE_GONE } from '@azora/contracts'
import { isKind } from '../fold/about-step.ts'
import { chargeOf } from './amounts.ts'

/** A reservation on record that is not settled. */
export interface Reservation {
  step: string
  most: Amounts
}

/** The action that an entry permits. */
export function permittedIn({ header, payload }: Entry): Action | undefined {
  if (header.kind !== 'action.verified' || !('action' in payload) || !('permission' in payload)) return undefined
  return payload.permission && payload.action
}

/**
 * What an entry settles of a run's reservations, and with how much. The last attempt at a step took what its outcome says;
 * those before, of which nobody knows, as much as they might.
 */
export function settledBy<R extends Reservation>(all: readonly R[], { header, payload }: Entry): Map<R, Amounts> {
  if (header.kind === 'action.finished' && 'outcome' in payload && 'actionDigest' in payload) {
    const { stepId, outcome } = payload
    const ended = all.filter(({ step }) => step === stepId)
    const last = ended.at(-1)
    return new Map(ended.map((one) => [one, one === last ? chargeOf(outcome, one.most) : one.most]))
  }
  if (header.kind === 'action.refused' && 'node' in payload && 'error' in payload && 'stepId' in payload) {
    // The node went away before it was asked, so nothing was done.
    const last = payload.error?.code === NODE_GONE && all.findLast(({ step }) => step === payload.stepId)
    return new Map(last ? [[last, {}]] : [])
  }
  const over = endedBy({ header, payload } as Entry)
  if (over !== undefined) return new Map(all.filter(({ step }) => step === over).map((one) => [one, one.most]))
  // What was under way is over with it.
  if (header.kind === 'compensation.begun') return new Map(all.map((one) => [one, one.most]))
  return settledAtEnd(all, header)
}

/** The step that an entry ends without an outcome: whatever was begun of it before, nobody will learn of it. */
function endedBy(entry: Entry): string | undefined {
  if (isKind(entry, 'action.verified'))
    return entry.payload.result.verdict === 'deny' ? entry.payload.action.stepId : undefined
  if (isKind(entry, 'action.invalid') || isKind(entry, 'review.expired')) return entry.payload.stepId
  if (isKind(entry, 'review.decided') && entry.payload.decision === 'deny') return entry.payload.stepId
  return undefined
}

/** All that is left when a run ends. The header says so, also where the payload is erased. */
export const settledAtEnd = <R extends Reservation>(
  all: readonly R[],
  { transition }: Entry['header'],
): Map<R, Amounts> => new Map(transition && isTerminal(transition.to) ? all.map((one) => [one, one.most]) : [])

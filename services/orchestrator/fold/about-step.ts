import type { Entry } from '@azora/contracts'

export const KINDS_ABOUT_STEPS = new Set<string>([
  'action.verified',
  'action.invalid',
  'action.started',
  'action.finished',
  'action.refused',
  'child.ended',
  'wait.begun',
  'wait.ended',
  'review.requested',
  'review.decided',
  'review.expired',
])

export function isKind<K extends Entry['header']['kind']>(entry: Entry, kind: K): entry is Entry<K> & Entry {
  return entry.header.kind === kind
}

export function stepIdOf(entry: Entry): string | undefined {
  if (isKind(entry, 'action.verified')) return entry.payload.action.stepId
  return 'stepId' in entry.payload ? entry.payload.stepId : undefined
}

import type { Reason } from '@azora/contracts'

/** Why something was denied. */
export const DENIED_BECAUSE: Reason = {
  article: '4',
  rule: 'destructive',
  severity: 'CRITICAL',
  message: 'no agent destroys what it cannot restore',
  evidence: 'effects: destructive',
  remedy: 'Propose a branch instead.',
}

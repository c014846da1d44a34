import {
  type Action,
  type EntryPayload,
  FRESH_RUN,
  type VerificationRequest,
  type VerificationResult,
} from '@azora/contracts'
import { newRunId } from './journal.ts'

/** A harmless action of a person, as the orchestrator records it. */
export const actionOf = (skillId: string, change: Partial<Action> = {}): Action => ({
  runId: newRunId(),
  stepId: 'step',
  tenant: 'default',
  principal: 'user:owner',
  owner: 'user:owner',
  skillId,
  skillVersion: '1.0.0',
  codeDigest: '0'.repeat(64),
  input: {},
  effects: ['read'],
  workspace: 'write',
  resources: { read: [], write: [], hosts: [] },
  ...change,
})

export const ALLOWED: VerificationResult = { verdict: 'allow', score: 100, reasons: [], constitution: '0'.repeat(64) }

/** An action as it was judged. */
export function verified(
  action: Action,
  result: VerificationResult = ALLOWED,
): { request: VerificationRequest; payload: EntryPayload<'action.verified'> } {
  const judged = { scope: { read: [], write: [], hosts: [] }, run: FRESH_RUN }
  return { request: { action, ...judged }, payload: { action, result, judged } }
}

import type { EntryPayload, Failure, Outcome } from '@azora/contracts'
import { NO_NODE } from '../fold/no-node.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import type { Gate } from '../ports.ts'

const unreported = (state: 'failed' | 'cancelled', error: Failure): Outcome => ({
  state,
  durationMs: 0,
  log: '',
  node: NO_NODE,
  isolation: 'none',
  error,
})

/** The outcome of a step that was stopped before it was sent. */
export const unsent = ({ step }: StepFold): Outcome =>
  unreported('cancelled', { code: 'cancelled', message: `step ${step.id} was cancelled before a node took it` })

/** The outcome of a step that was tried too often. */
export const abandoned = ({ refusal }: StepFold): Outcome =>
  unreported(
    'failed',
    refusal ?? { code: 'node_lost', message: 'every node that took the action went away before it answered' },
  )

/** What the run takes in with an outcome: the agent reads its output, or why there is none. */
export function observedIn(
  gate: Pick<Gate, 'inspect'>,
  fold: RunFold,
  stepId: string,
  { output, error }: Outcome,
): EntryPayload<'action.finished'>['observed'] {
  const action = fold.steps.get(stepId)?.action
  const seen = output ?? error?.message
  if (!action || seen === undefined) return undefined
  const { skillId, effects, resources } = action
  return gate.inspect({ skillId, effects, resources, output: seen })
}

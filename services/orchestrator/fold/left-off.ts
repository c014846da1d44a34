import type { Outcome } from '@azora/contracts'
import { NO_NODE } from './no-node.ts'
import type { StepFold } from './step-fold.ts'

/** How a step counts that the end of its run overtook. */
export const leftOff = ({ started }: StepFold): Outcome => ({
  state: started ? 'failed' : 'cancelled',
  durationMs: 0,
  log: '',
  node: NO_NODE,
  isolation: 'none',
  error: started
    ? { code: 'outcome_unknown', message: 'the run ended while nobody knew whether it took effect' }
    : { code: 'cancelled', message: 'the run ended before it' },
})

import type { Slot } from '../ports.ts'
import { ORCHESTRATOR } from './outcome.ts'

/**
 * The place where a `run.start` is performed: the orchestrator. To perform it is to have it on record as started; the child
 * follows from that, now or after a crash, and its end ends the step.
 */
export const CHILD_SLOT: Slot = {
  audience: `${ORCHESTRATOR}/children`,
  isolation: 'run',
  perform: async () => ({ kind: 'lost', node: ORCHESTRATOR }),
  release: () => {},
}

import { toAzoraError } from '@azora/base'
import type { StepFold } from './step-fold.ts'

/** Why a node refuses an action whose code it neither has nor gets. */
export const CODE_GONE = 'code_mismatch'
const AGENT_CODE_GONE = 'agent_code_gone'
const REASON_CHARACTERS_MAX = 500

/** Why a run has to wait until people have brought code back; undefined when something else is wrong. */
export function goneInStep({ step, action, refusal }: StepFold): string | undefined {
  if (refusal?.code !== CODE_GONE || !action) return undefined
  return reasonFor(`step ${step.id} needs ${action.skillId}@${action.skillVersion}, but ${refusal.message}`)
}

/** The same for what was thrown when its agent was asked. */
export function goneInAgent(thrown: unknown): string | undefined {
  const { code, message } = toAzoraError(thrown)
  return code === AGENT_CODE_GONE ? reasonFor(message) : undefined
}

const reasonFor = (why: string): string =>
  `${why}; put that code back in the catalogue, restart the server and resume the run`.slice(0, REASON_CHARACTERS_MAX)

import type { StepFold } from '../fold/step-fold.ts'

/** Who asked for the action of a step: who proposed it, and who changed its arguments since. */
export const requestersOf = ({ action, amended }: StepFold): string[] => [
  ...new Set([...(action ? [action.principal] : []), ...(amended?.by ?? [])]),
]

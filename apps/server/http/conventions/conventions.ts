import type { App } from '../app.ts'
import { announceDeprecations } from './deprecation.ts'
import { checkPreconditions } from './preconditions.ts'
import { answerRepresentations } from './representation.ts'

/** What the contract says of an operation and no handler has to know: for the routes that are registered later. */
export function keepConventions(app: App): void {
  announceDeprecations(app)
  // It reads what the handlers answer, not how that is represented.
  checkPreconditions(app)
  answerRepresentations(app)
}

import { isStateful, type VerificationRequest } from '@azora/contracts'
import { walkJson } from '../facts/json-walk.ts'
import { secretKindsIn } from '../facts/secrets.ts'
import type { OutputRequest } from '../request.ts'
import { type Detector, factAbout } from './detector.ts'

/** Where secrets are, and of which kind: `/files/0/content: GitHub token`. */
function secretsIn(document: unknown): string[] {
  const places: string[] = []
  walkJson(document, (value, pointer) => {
    if (typeof value !== 'string') return
    for (const kind of secretKindsIn(value)) places.push(`${pointer()}: ${kind}`)
  })
  return places
}

/** Secrets in arguments that would leave the run: by a stateful effect, or to a host. */
export const secretsInArguments: Detector<VerificationRequest> = {
  name: 'secrets-in-arguments',
  find({ action }) {
    if (!isStateful(action.effects) && action.resources.hosts.length === 0) return []
    return factAbout(secretsIn(action.input), {
      rule: 'secret_in_arguments',
      article: '7',
      severity: 'CRITICAL',
      message: 'Its arguments contain a secret.',
      remedy: 'Remove the secret; let the skill lease it where it is used.',
    })
  },
}

export const secretsInOutput: Detector<OutputRequest> = {
  name: 'secrets-in-output',
  find({ outputs }) {
    return factAbout(secretsIn(outputs), {
      rule: 'secret_in_output',
      article: '7',
      severity: 'CRITICAL',
      message: 'The output contains a secret.',
      remedy: 'Mask the secret in the output.',
    })
  },
}

import { isStateful } from '@azora/contracts'
import { secretKindsIn } from '../facts/secrets.ts'
import type { Text } from '../facts/subject.ts'
import { type ActionSubject, type Detector, factAbout, type OutputSubject } from './detector.ts'

/** Where secrets are, and of which kind: `/files/0/content: GitHub token`. */
const secretsIn = (texts: readonly Text[]): string[] =>
  texts.flatMap(({ value, pointer }) => secretKindsIn(value).map((kind) => `${pointer()}: ${kind}`))

/** Secrets in arguments that would leave the run: by a stateful effect, or to a host. */
export const secretsInArguments: Detector<ActionSubject> = {
  name: 'secrets-in-arguments',
  rules: ['secret_in_arguments'],
  find({ action, texts }) {
    if (!isStateful(action.effects) && action.resources.hosts.length === 0) return []
    return factAbout(secretsIn(texts), {
      rule: 'secret_in_arguments',
      article: '7',
      severity: 'CRITICAL',
      message: 'Its arguments contain a secret.',
      remedy: 'Remove the secret; let the skill lease it where it is used.',
    })
  },
}

export const secretsInOutput: Detector<OutputSubject> = {
  name: 'secrets-in-output',
  rules: ['secret_in_output'],
  find({ texts }) {
    return factAbout(secretsIn(texts), {
      rule: 'secret_in_output',
      article: '7',
      severity: 'CRITICAL',
      message: 'The output contains a secret.',
      remedy: 'Mask the secret in the output.',
    })
  },
}

import { isStateful, type Span } from '@azora/contracts'
import { hiddenSecretKinds, type JoinedText, joinedTexts } from '../facts/secret-hiding.ts'
import { secretUnderName } from '../facts/secret-values.ts'
import { formsIn, secretsIn } from '../facts/secrets.ts'
import type { Text } from '../facts/subject.ts'
import {
  type ActionSubject,
  type Detector,
  type Fact,
  factAbout,
  type ObservationSubject,
  type OutputSubject,
} from './detector.ts'

interface Finds {
  /** Where secrets are, and of which kind: `/files/0/content: GitHub token`. */
  things: string[]
  spans: Span[]
}

const MAX_SPANS = 8
/** Names of members that hold the value of what a member before it names, as in `{ "name": "TOKEN", "value": "…" }`. */
const VALUE_OF = /^(?:value|val|content|data|default|argv|args|arguments|command|cmd|env|headers?)$/i

function findsIn(texts: readonly Text[]): Finds {
  const finds: Finds = { things: [], spans: [] }
  let before = ''
  for (const text of texts) {
    addFinds(finds, text, before)
    if (!text.isKey) before = text.value
  }
  if (finds.things.length === 0) for (const joined of joinedTexts(texts)) addJoined(finds, joined)
  return finds
}

function addFinds(finds: Finds, text: Text, before: string): void {
  const { value, key, isKey } = text
  const plain = secretsIn(value)
  for (const { kind, start, end } of plain) {
    finds.things.push(`${text.pointer()}: ${kind}`)
    if (finds.spans.length < MAX_SPANS && !isKey) finds.spans.push({ pointer: text.pointer(), start, end })
  }
  if (plain.length > 0) return
  const kind = isKey
    ? undefined
    : (secretUnderName(key, value) ??
      (VALUE_OF.test(key) || before.startsWith('--') ? afterName(before, value) : undefined) ??
      (VALUE_OF.test(key) ? secretUnderName(parentName(text), value) : undefined))
  const kinds = kind === undefined ? hiddenSecretKinds(text) : [kind]
  for (const hidden of kinds) {
    finds.things.push(`${text.pointer()}: ${hidden}`)
    if (finds.spans.length < MAX_SPANS && !isKey) finds.spans.push({ pointer: text.pointer() })
  }
}

/** The member around the one that holds a value, as in `{ "token": { "value": "…" } }`. */
const parentName = ({ pointer }: Text): string => pointer().split('/').at(-2) ?? ''

const afterName = (before: string, value: string): string | undefined =>
  before.length <= 60 && !/\s/.test(before) ? secretUnderName(before, value) : undefined

function addJoined(finds: Finds, { value, pointer }: JoinedText): void {
  for (const { kind } of formsIn(value)) finds.things.push(`${pointer()}: ${kind} in pieces`)
}

function factsAbout(texts: readonly Text[], fact: Omit<Fact, 'evidence' | 'spans'>): Fact[] {
  const { things, spans } = findsIn(texts)
  return factAbout(things, spans.length === 0 ? fact : { ...fact, spans })
}

/** Secrets in arguments that would leave the run: by a stateful effect, or to a host. */
export const secretsInArguments: Detector<ActionSubject> = {
  name: 'secrets-in-arguments',
  rules: ['secret_in_arguments'],
  find({ action, texts }) {
    if (!isStateful(action.effects) && action.resources.hosts.length === 0) return []
    return factsAbout(texts, {
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
    return factsAbout(texts, {
      rule: 'secret_in_output',
      article: '7',
      severity: 'CRITICAL',
      message: 'The output contains a secret.',
      remedy: 'Mask the secret in the output.',
    })
  },
}

/** Secrets that a run has read, after which it could give them away. */
export const secretsRead: Detector<ObservationSubject> = {
  name: 'secrets-read',
  rules: ['secret_read'],
  find({ texts }) {
    return factsAbout(texts, {
      rule: 'secret_read',
      article: '7',
      severity: 'HIGH',
      message: 'The run has read a secret.',
      remedy: 'Leave the secret out of what follows, and let skills lease it where they use it.',
    })
  },
}

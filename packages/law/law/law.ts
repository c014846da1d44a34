import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { invalid, type Policy, readPolicies } from './article.ts'
import { digestOfLaw } from './digest.ts'
import type { LawFile } from './files.ts'
import { Thresholds } from './thresholds.ts'

/** A law that was read, understood and found consistent. */
export interface Law {
  /** SHA-256 over the canonical JSON of its files' names and contents. */
  digest: string
  policies: readonly Policy[]
  thresholds: Thresholds
  /** Cedar schema, in Cedar's own syntax. */
  schema: string
}

/** The law without its layers. Throws `law_invalid` with the first flaw. */
export function compileLaw(files: readonly LawFile[]): Law {
  const policies = files.filter(({ name }) => /^articles\/.*\.cedar$/.test(name)).flatMap(readPolicies)
  refuseDoubles(policies)
  if (policies.length === 0) throw invalid('the law is empty')
  const schema = textOf(files, 'schema.cedarschema')
  refuseUnfit(schema, policies)
  const thresholds = readThresholds(textOf(files, 'thresholds.json'))
  return { digest: digestOfLaw(files), policies, schema, thresholds }
}

function textOf(files: readonly LawFile[], name: string): string {
  const file = files.find((candidate) => candidate.name === name)
  if (!file) throw invalid(`${name} is missing`)
  return file.text
}

export function refuseDoubles(policies: readonly Policy[]): void {
  const seen = new Set<string>()
  for (const { rule } of policies) {
    if (seen.has(rule)) throw invalid(`two policies have the @id ${rule}`)
    seen.add(rule)
  }
}

/** A warning counts too: a policy that can never apply is a mistake, and a forbid that never applies a dangerous one. */
export function refuseUnfit(schema: string, policies: readonly Policy[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ rule, text }) => [rule, text]))
  const answer = validate({ schema, policies: { staticPolicies } })
  const flaws =
    answer.type === 'failure'
      ? answer.errors
      : [...answer.validationErrors, ...answer.validationWarnings]
          .map(({ error }) => error)
          .concat(answer.otherWarnings)
  if (flaws.length > 0) throw invalid(flaws.map(({ message }) => message).join('; '))
}

export function readThresholds(text: string): Thresholds {
  try {
    return Thresholds.parse(JSON.parse(text))
  } catch (cause) {
    throw invalid(`thresholds.json: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

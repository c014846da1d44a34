import { readdirSync, readFileSync } from 'node:fs'
import { AzoraError } from '@azora/base'
import { policySetTextToParts, policyToJson, validate } from '@cedar-policy/cedar-wasm/nodejs'

/** One permission in force. */
export interface PermissionPolicy {
  id: string
  /** What it says, as a sentence without a full stop. */
  says: string
  /** In Cedar. */
  text: string
}

export interface PermissionPolicies {
  /** Cedar schema, in Cedar's own syntax. */
  schema: string
  policies: readonly PermissionPolicy[]
}

let known: PermissionPolicies | undefined

/** The policies beside this file, one file per kind of thing; they are read once. Throws `permissions_invalid`. */
export function readPermissions(): PermissionPolicies {
  known ??= readFolder()
  return known
}

function readFolder(): PermissionPolicies {
  const folder = new URL('./policies/', import.meta.url)
  const schema = readFileSync(new URL('./schema.cedarschema', import.meta.url), 'utf8')
  const names = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
  const policies = names.sort().flatMap((name) => policiesIn(name, readFileSync(new URL(name, folder), 'utf8')))
  return checked({ schema, policies })
}

/** Throws `permissions_invalid`: a warning counts too, as a policy that can never apply is a mistake. */
export function checked({ schema, policies }: PermissionPolicies): PermissionPolicies {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]))
  if (Object.keys(staticPolicies).length < policies.length) throw invalid('two policies have the same @id')
  const answer = validate({ schema, policies: { staticPolicies } })
  const flaws =
    answer.type === 'failure'
      ? answer.errors
      : [...answer.validationErrors, ...answer.validationWarnings].map(({ error }) => error)
  if (flaws.length > 0) throw invalid(flaws.map(({ message }) => message).join('; '))
  return { schema, policies }
}

export function policiesIn(name: string, text: string): PermissionPolicy[] {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw invalid(`${name}: ${parts.errors.map(({ message }) => message).join('; ')}`)
  if (parts.policy_templates.length > 0) throw invalid(`${name}: templates are no permissions`)
  return parts.policies.map((policy) => {
    const answer = policyToJson(policy)
    if (answer.type === 'failure') throw invalid(`${name}: ${answer.errors.map(({ message }) => message).join('; ')}`)
    const { id, says } = answer.json.annotations ?? {}
    if (!id || !says) throw invalid(`${name}: each policy needs an @id, and @says what it says`)
    return { id, says, text: policy }
  })
}

const invalid = (message: string): AzoraError =>
  new AzoraError('bug', 'permissions_invalid', message, { remedy: 'Restore services/identity/permissions.' })

import { AzoraError } from '@azora/base'
import { type JsonObject, SecretName, type SecretSlot, type SecretUse, type SkillManifest } from '@azora/contracts'
import type { SecretTermsOf } from '../ports.ts'
import { valueAt } from './bind.ts'

/**
 * The secrets that a skill's input names, on the terms that their owner set: they become a part of the action, and so of
 * what is judged and proved.
 *
 * @throws AzoraError `invalid_secret`, `secret_not_found`
 */
export function secretsOf(
  { skillId, secrets = {} }: SkillManifest,
  input: JsonObject,
  termsOf: (name: string) => ReturnType<SecretTermsOf>,
): SecretUse[] {
  return Object.entries(secrets).flatMap(([slot, declared]) => {
    const named = valueAt(input, declared.name)
    if (named === undefined || named === null) return []
    const [, text = '', version] = typeof named === 'string' ? (/^([^@]*)(?:@([1-9]\d{0,5}))?$/.exec(named) ?? []) : []
    const name = SecretName.safeParse(text)
    if (!name.success) throw invalid(declared, 'must name a secret, such as GITHUB_TOKEN or GITHUB_TOKEN@2')
    const terms = termsOf(name.data)
    if (!terms) throw notFound(name.data)
    const flaw = flawIn(declared, name.data, terms)
    if (flaw) throw invalid(declared, `names a secret that ${skillId} can't use: ${flaw}`)
    const { hosts, place, leaseMs } = terms
    const { mode, variable } = declared
    return [
      {
        slot,
        name: name.data,
        version: version === undefined ? ('current' as const) : Number(version),
        hosts,
        place,
        mode,
        leaseMs,
        ...(variable !== undefined && { variable }),
      },
    ]
  })
}

function flawIn(
  { prefix, places, mode }: SecretSlot,
  name: string,
  { place, environment }: NonNullable<ReturnType<SecretTermsOf>>,
): string | undefined {
  if (prefix !== undefined && !name.startsWith(prefix)) return `its name does not begin with ${prefix}`
  if (places && !places.includes(place.in))
    return `it stands in the ${place.in}, the skill puts it in ${places.join(' or ')}`
  if (mode === 'environment' && !environment) return 'it may not be in the environment of a skill'
  return undefined
}

const invalid = ({ name: pointer }: SecretSlot, rule: string): AzoraError =>
  new AzoraError('fix', 'invalid_secret', `the input at ${pointer} ${rule}`, { details: [{ pointer, message: rule }] })

const notFound = (name: string): AzoraError =>
  new AzoraError('missing', 'secret_not_found', `there is no secret ${name}`, {
    remedy: `Put it: azora secret put ${name} --host HOST < file`,
  })

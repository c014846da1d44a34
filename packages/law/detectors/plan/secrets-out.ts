import { readDocument } from '../../facts/subject.ts'
import type { PlannedStep } from '../../request.ts'
import { type Detector, factAbout, type PlanSubject } from '../detector.ts'
import { holdsCredentials } from '../protected-paths.ts'
import { dependenciesOf, dependentsOf } from './order.ts'

/** Files in which projects keep their secrets, by their names; templates of them hold none. */
const SECRET_FILES =
  /^(?:\.env(?:\.(?!example|sample|template|dist|test|defaults?|schema)[\w-]+)*|\.envrc|\.npmrc|\.pypirc|\.pgpass|\.my\.cnf|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|(?:credentials|client_secrets?|service[-_]account)(?:\.json|\.ya?ml|\.toml|\.ini)?|secrets?\.(?:json|ya?ml|toml|ini|env|txt)|[\w.-]+\.(?:pem|p12|pfx|jks|keystore|kdbx|ppk))$/i

/** Longer words are no paths. */
const MAX_PATH = 4096

const isSecretFile = (path: string): boolean =>
  path.length <= MAX_PATH && (holdsCredentials(path) || SECRET_FILES.test(path.split('/').at(-1) ?? ''))

const WORDS = /[^\s'"`;|&<>(){}=,:@]+/g

/** Paths of secrets that a step names: among its resources, and where its input holds paths and commands. */
function secretsOpenedBy({ step, skill, resources }: PlannedStep): string[] {
  const { texts, argvs } = readDocument(step.input, skill?.formats)
  const named = texts.flatMap(({ value, format }) => {
    if (format === 'path') return [value]
    return format === 'shell' ? (value.match(WORDS) ?? []) : []
  })
  const paths = [...resources.read, ...resources.write, ...named, ...argvs.flatMap(({ words }) => words)]
  return paths.filter(isSecretFile)
}

const reachesOut = ({ skill, resources }: PlannedStep): boolean =>
  resources.hosts.length > 0 || skill?.effects.includes('external') === true

/** Steps that reach out once an earlier one has opened a store of credentials: `reads-env, then posts`. */
function waysOut(steps: readonly PlannedStep[]): string[] {
  if (!steps.some(reachesOut)) return []
  const openers = steps.flatMap((step, at) => (secretsOpenedBy(step).length > 0 ? [{ step, at }] : []))
  if (openers.length === 0) return []
  const dependencies = dependenciesOf(steps)
  return openers.flatMap(({ step, at }) => {
    const dependents = dependentsOf(step.step.id, dependencies)
    const later = steps.filter((other, place) => place > at || (other !== step && dependents.has(other.step.id)))
    return later.filter(reachesOut).map((other) => `${step.step.id}, then ${other.step.id}`)
  })
}

export const planSecretsOut: Detector<PlanSubject> = {
  name: 'plan-secrets-out',
  rules: ['plan_carries_secrets_out'],
  find: ({ steps }) =>
    factAbout(waysOut(steps), {
      rule: 'plan_carries_secrets_out',
      article: '22',
      severity: 'HIGH',
      message: 'The plan opens credentials and then reaches out.',
      remedy: 'Drop the step that opens the credentials, and let skills lease secrets where they use them.',
    }),
}

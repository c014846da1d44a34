import { type CustomRole, type GivenRight, isLimitable, type Right } from '@azora/contracts'
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { type Decision, kindOf } from './decide.ts'
import { checked, type PermissionPolicy, readPermissions } from './policies.ts'

/** The run that something is about, or that a review belongs to. */
export interface AboutRun {
  agentId: string
  /** Who started it. */
  owner: string
}

/** A question of somebody with roles of their tenant's own. */
export interface CustomQuestion {
  caller: string
  roles: readonly CustomRole[]
  action: Right
  /** Rights that hold for some runs only don't hold without. */
  about?: AboutRun | undefined
}

const CACHED_MAX = 4_096
const known = new Map<string, Decision>()

/** One policy for each kind of thing that the role is about, in Cedar. */
export function policiesOf(role: CustomRole): PermissionPolicy[] {
  const byKind = Object.groupBy(role.may, kindOf)
  return Object.entries(byKind).map(([kind, rights = []]) => policyOf(role, kind, rights))
}

/** As {@link policiesOf}, checked against the schema. Throws `permissions_invalid`. */
export const checkedPoliciesOf = (role: CustomRole): readonly PermissionPolicy[] =>
  checked({ schema: readPermissions().schema, policies: policiesOf(role) }).policies

/** What these roles together allow. Deny by default. */
export function decideCustom(question: CustomQuestion): Decision {
  const { roles, action } = question
  const concerned = roles.filter(({ may }) => may.some((right) => right === action))
  if (concerned.length === 0) return DENIED
  const name = JSON.stringify([question.caller, concerned, action, question.about])
  const cached = known.get(name)
  if (cached) return cached
  const decided = ask({ ...question, roles: concerned })
  if (known.size >= CACHED_MAX) known.clear()
  known.set(name, decided)
  return decided
}

/** Whether one of them allows it for some runs. */
export const isAllowedForSome = (roles: readonly CustomRole[], action: Right): boolean =>
  isLimitable(action) && roles.some(({ may }) => may.some((right) => right === action))

function ask({ caller, roles, action, about }: CustomQuestion): Decision {
  const policies = roles.flatMap(policiesOf)
  const principal = { type: 'Caller', id: caller }
  const resource = { type: kindOf(action), id: 'any' }
  const answer = isAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: {},
    entities: [
      { uid: principal, attrs: { id: caller }, parents: roles.map(({ name }) => ({ type: 'Role', id: name })) },
      { uid: resource, attrs: about ? { agent: about.agentId, owner: about.owner } : {}, parents: [] },
    ],
    policies: { staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])) },
    validateRequest: false,
  })
  if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0) return DENIED
  const reasons = new Set(answer.response.diagnostics.reason)
  return { allowed: answer.response.decision === 'allow', policies: policies.filter(({ id }) => reasons.has(id)) }
}

const DENIED: Decision = { allowed: false, policies: [] }

function policyOf(
  { name, says, agents, own }: CustomRole,
  kind: string,
  rights: readonly GivenRight[],
): PermissionPolicy {
  const [first = ''] = rights
  const noun = first.slice(0, first.indexOf('.'))
  const isLimited = isLimitable(first as Right)
  const conditions = [
    ...(isLimited && agents
      ? [`resource has agent && [${agents.map(quoted).join(', ')}].contains(resource.agent)`]
      : []),
    ...(isLimited && own ? ['resource has owner && principal has id && resource.owner == principal.id'] : []),
  ]
  const id = `${name}/${noun}`
  const sentence = `${says}: ${rights.join(', ')}${isLimited ? limitsOf({ agents, own }) : ''}`
  const lines = [
    `@id(${quoted(id)})`,
    `@says(${quoted(sentence)})`,
    'permit (',
    `  principal in Role::${quoted(name)},`,
    `  action in [${rights.map((right) => `Action::${quoted(right)}`).join(', ')}],`,
    `  resource is ${kind}`,
    ')',
    ...conditions.map((condition) => `when { ${condition} }`),
  ]
  return { id, says: sentence, text: `${lines.join('\n')};` }
}

const limitsOf = ({ agents, own }: { agents: string[] | undefined; own: true | undefined }): string =>
  [agents && `, for runs of ${agents.join(' or ')}`, own && ', for runs of their own'].filter(Boolean).join('')

/** Names and sentences hold neither quotes nor backslashes. */
const quoted = (text: string): string => `"${text}"`

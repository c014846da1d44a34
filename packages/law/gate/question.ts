import { AzoraError } from '@azora/base'
import { Effect, limitsOf, type StatedLimits, type VerificationRequest } from '@azora/contracts'
import { canonical } from '@azora/proof'
import type { Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import { isWithinScope } from '../facts/scope.ts'
import type { DecisionRequest, OutputRequest, PlanRequest } from '../request.ts'

/** A request in the words of the schema. */
export interface Question {
  principal: TypeAndId
  action: TypeAndId
  resource: TypeAndId
  context: Context
  entities: EntityJson[]
  /** For people: what is asked. */
  summary: string
}

/** `Effect` lists the effects from the weakest to the strongest. Without any, an action is judged as the gravest. */
const strongest = (effects: readonly Effect[]): Effect =>
  Effect.options.findLast((effect) => effects.includes(effect)) ?? 'destructive'

export function actionQuestion({ action, scope, run, isolation }: VerificationRequest, findings: string[]): Question {
  const effect = strongest(action.effects)
  const skill = { type: 'Skill', id: action.skillId }
  const principal = principalEntity(action.principal, action.tenant)
  const { read, write, hosts } = action.resources
  return {
    principal: principal.uid,
    action: { type: 'Action', id: effect },
    resource: skill,
    context: {
      effects: action.effects,
      findings,
      workspace: action.workspace,
      withinScope: isWithinScope(action.resources, scope),
      reads: read.length,
      writes: write.length,
      hosts,
      hostCount: new Set(hosts).size,
      onBehalfOf: action.owner,
      limits: limitFacts(action.limits),
      isolation: isolation ?? 'sandbox',
      secrets: (action.secrets ?? []).map(({ name }) => name),
      secretsInEnvironment: (action.secrets ?? []).some(({ mode }) => mode === 'environment'),
      run: {
        actions: run.actions,
        deniedInARow: run.deniedInARow,
        failedInARow: run.failedInARow,
        taints: run.taints,
        planFindings: run.planFindings,
      },
    },
    entities: [
      principal,
      { uid: skill, attrs: { version: action.skillVersion, codeDigest: action.codeDigest }, parents: [] },
    ],
    summary: `${action.skillId}@${action.skillVersion} with the effects ${action.effects.join(', ') || '(undeclared)'}`,
  }
}

/** What isn't stated is the default, as the node takes it. */
function limitFacts(stated: StatedLimits | undefined) {
  const { wallMs, cpuMs, memoryBytes, processes, diskBytes, tmpBytes } = limitsOf(stated)
  return { wallMs, cpuMs, memoryBytes, processes, diskBytes, tmpBytes }
}

export function outputQuestion({ runId, tenant, principal, outputs }: OutputRequest, findings: string[]): Question {
  const output = { type: 'Output', id: runId }
  const bytes = Buffer.byteLength(canonical(outputs))
  const who = principalEntity(principal, tenant)
  return {
    principal: who.uid,
    action: { type: 'Action', id: 'conclude' },
    resource: output,
    context: { findings },
    entities: [who, { uid: output, attrs: { bytes }, parents: [] }],
    summary: `an output of ${bytes} bytes`,
  }
}

export function planQuestion(request: PlanRequest, findings: string[]): Question {
  const { runId, tenant, principal, steps, scope } = request
  const plan = { type: 'Plan', id: runId }
  const who = principalEntity(principal, tenant)
  const effectsOf = steps.map(({ skill }) => skill?.effects ?? [])
  const hosts = [...new Set(steps.flatMap(({ resources }) => resources.hosts))]
  const having = (effect: Effect): number => effectsOf.filter((effects) => effects.includes(effect)).length
  return {
    principal: who.uid,
    action: { type: 'Action', id: 'propose' },
    resource: plan,
    context: {
      findings,
      effects: [...new Set(effectsOf.flat())],
      withinScope: steps.every(({ resources }) => isWithinScope(resources, scope)),
      steps: steps.length,
      writes: having('write'),
      externals: having('external'),
      spends: having('spend'),
      destructives: having('destructive'),
      hosts,
      hostCount: hosts.length,
      onBehalfOf: request.owner,
    },
    entities: [who, { uid: plan, attrs: {}, parents: [] }],
    summary: `a plan of ${steps.length} steps`,
  }
}

/** Whether `decider` may decide the review of an action. */
export function decisionQuestion({
  reviewId,
  decider,
  requesters,
  runOwner,
  effects,
  reasons,
}: DecisionRequest): Question {
  const review = { type: 'Review', id: reviewId }
  const who = principalEntity(decider.id, decider.tenant)
  return {
    principal: who.uid,
    action: { type: 'Action', id: 'decide' },
    resource: review,
    context: {
      roles: [...decider.roles],
      isRequester: requesters.includes(decider.id),
      isRunOwner: decider.id === runOwner,
      effects: [...effects],
      articles: [...new Set(reasons.map(({ article }) => article))],
      rules: reasons.map(({ rule }) => rule),
    },
    entities: [who, { uid: review, attrs: {}, parents: [] }],
    summary: `${decider.id} with the roles ${decider.roles.join(', ') || '(none)'}`,
  }
}

const PRINCIPAL_TYPES = new Map([
  ['user', 'User'],
  ['service', 'Service'],
  ['agent', 'Agent'],
  ['node', 'Node'],
  ['system', 'System'],
])

/** `agent:repo-steward@1.0.0` becomes `Agent::"repo-steward@1.0.0"` with its name and version, in its tenant. */
function principalEntity(principal: string, tenant: string): EntityJson & { uid: TypeAndId } {
  const colon = principal.indexOf(':')
  const type = PRINCIPAL_TYPES.get(principal.slice(0, colon))
  if (!type) throw new AzoraError('fix', 'principal_unknown', 'the principal is of no known kind')
  const id = principal.slice(colon + 1)
  const [name = '', version = ''] = id.split('@', 2)
  return {
    uid: { type, id },
    attrs: type === 'Agent' ? { name, version } : {},
    parents: [{ type: 'Tenant', id: tenant }],
  }
}

import { AzoraError } from '@azora/base'
import {
  AbsolutePath,
  type Action,
  Host,
  type JsonObject,
  limitsOf,
  Money,
  type Resources,
  type RunSpec,
  type SecretUse,
  type SkillManifest,
} from '@azora/contracts'
import { valueAt } from './bind.ts'

/** The principal in whose name a run proposes: its agent, or its owner where there is no agent. */
export const proposerOf = (spec: RunSpec): string =>
  spec.plan ? spec.owner : `agent:${spec.agentId}@${spec.agentVersion}`

/**
 * What a skill's input asks for outside the workspace. It is read from the arguments that will be executed, by pointers
 * that the manifest declares: neither the agent nor the skill is asked.
 *
 * @throws AzoraError `invalid_resource`
 */
export function resourcesOf(skill: SkillManifest, input: JsonObject): Resources {
  const { read, write, urls, spend } = skill.resources
  const asked = { read: pathsAt(input, read), write: pathsAt(input, write), hosts: hostsAt(input, urls) }
  return spend ? { ...asked, spend: spend.map(({ amount, currency }) => moneyAt(input, amount, currency)) } : asked
}

function textsAt(input: JsonObject, pointers: readonly string[]): Array<{ pointer: string; text: string }> {
  return pointers.flatMap((pointer) => {
    const value = valueAt(input, pointer)
    return typeof value === 'string' ? [{ pointer, text: value }] : []
  })
}

const HTTP_URL = /^https?:\/\//i

function pathsAt(input: JsonObject, pointers: readonly string[]): string[] {
  const paths = textsAt(input, pointers).flatMap(({ pointer, text }) => {
    if (HTTP_URL.test(text)) return []
    const path = AbsolutePath.safeParse(text.replace(/^file:\/\/(?=\/)/, '').replace(/(?<=.)\/+$/, ''))
    if (!path.success) throw invalid(pointer, 'must be an absolute path without "." or ".." segments')
    return [path.data]
  })
  return [...new Set(paths)]
}

function hostsAt(input: JsonObject, pointers: readonly string[]): string[] {
  const hosts = textsAt(input, pointers).flatMap(({ pointer, text }) => {
    if (!HTTP_URL.test(text)) return []
    const host = Host.safeParse(URL.canParse(text) ? new URL(text).host : '')
    if (!host.success) throw invalid(pointer, 'must be an http(s) URL')
    return [host.data]
  })
  return [...new Set(hosts)]
}

function moneyAt(input: JsonObject, amount: string, currency: string): Money {
  const money = Money.safeParse({ amount: valueAt(input, amount), currency: valueAt(input, currency) })
  if (money.success) return money.data
  const flaw = money.error.issues.some(({ path }) => path[0] === 'amount')
  throw flaw ? invalid(amount, 'must be a whole number of minor units') : invalid(currency, 'must be an ISO 4217 code')
}

const invalid = (pointer: string, rule: string): AzoraError =>
  new AzoraError('fix', 'invalid_resource', `the input at ${pointer} ${rule}`, {
    details: [{ pointer, message: rule }],
  })

/** In whose run an action is proposed, and by whom. */
export interface Origin {
  runId: string
  tenant: string
  proposer: string
  owner: string
}

/**
 * The exact action that a step proposes.
 *
 * @param secrets that its input names, on their terms
 */
export function actionOf(
  { runId, tenant, proposer, owner }: Origin,
  stepId: string,
  skill: SkillManifest,
  input: JsonObject,
  secrets: readonly SecretUse[] = [],
): Action {
  return {
    runId,
    stepId,
    tenant,
    principal: proposer,
    owner,
    skillId: skill.skillId,
    skillVersion: skill.version,
    codeDigest: skill.codeDigest,
    input,
    effects: skill.effects,
    workspace: skill.workspace,
    resources: resourcesOf(skill, input),
    ...(skill.formats && { formats: skill.formats }),
    ...(skill.driver && { driver: skill.driver }),
    limits: limitsOf(skill.limits),
    ...(skill.cost && { cost: skill.cost }),
    ...(secrets.length > 0 && { secrets: [...secrets] }),
  }
}

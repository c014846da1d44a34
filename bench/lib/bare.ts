import type { VerificationRequest } from '@azora/contracts'
import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'

const action = (id: string) => ({ type: 'Action', id })
const GROUPS: Readonly<Record<string, string[]>> = {
  none: ['act'],
  read: ['act'],
  write: ['stateful', 'act'],
  external: ['stateful', 'act'],
}

/**
 * Cedar alone, asked once about all policies, which it has parsed before. No detectors, no schema, which would cost more,
 * and no more facts than the policies look at.
 */
export function createBare(policies: Record<string, string>): (request: VerificationRequest) => unknown {
  const id = `bare ${Object.keys(policies).length}`
  const answer = preparsePolicySet(id, { staticPolicies: policies })
  if (answer.type === 'failure') throw new TypeError(answer.errors.map(({ message }) => message).join('; '))
  return ({ action: asked, run }) => {
    const [effect = 'none'] = asked.effects
    const principal = { type: 'Agent', id: asked.principal.slice('agent:'.length) }
    const resource = { type: 'Skill', id: asked.skillId }
    const [name = '', version = ''] = principal.id.split('@')
    const entities: EntityJson[] = [
      { uid: principal, attrs: { name, version }, parents: [{ type: 'Tenant', id: asked.tenant }] },
      { uid: action(effect), attrs: {}, parents: (GROUPS[effect] ?? []).map(action) },
    ]
    return statefulIsAuthorized({
      principal,
      action: action(effect),
      resource,
      context: {
        findings: [],
        withinScope: true,
        writes: asked.resources.write.length,
        hosts: asked.resources.hosts,
        hostCount: asked.resources.hosts.length,
        run: { actions: run.actions, deniedInARow: run.deniedInARow, failedInARow: run.failedInARow },
      },
      entities,
      preparsedPolicySetId: id,
      validateRequest: false,
    })
  }
}

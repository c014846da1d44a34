import { CustomRole, GivenRight, isLimitable, NewCustomRole, Right, Role } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedPoliciesOf } from './custom.ts'
import { explain, may, mayForSome, requireMayGive } from './permissions.ts'

const AGENTS = ['release-bot', 'repo-steward', 'direct']
const PEOPLE = ['user:alice', 'user:bob']
const anyRole = fc
  .record(
    {
      name: fc.constant('custom:some' as const),
      says: fc.constant('Some may'),
      may: fc.subarray(GivenRight.options, { minLength: 1 }),
      agents: fc.subarray(AGENTS, { minLength: 1 }),
      own: fc.constant(true as const),
    },
    { requiredKeys: ['name', 'says', 'may'] },
  )
  .map((role) => CustomRole.parse(role))
const anyRun = fc.record({ agentId: fc.constantFrom(...AGENTS), owner: fc.constantFrom(...PEOPLE) })
const holder = (role: CustomRole, id = 'user:alice') => ({ id, roles: [role.name], custom: [role] })
const ofEverybody = Right.options.filter((right) =>
  (['viewer', 'witness', 'auditor', 'reviewer', 'operator'] as const).every((role) => may({ roles: [role] }, right)),
)

describe('a role of one’s own', () => {
  it('allows what it names, for the runs that it names, and what everybody may; nothing else', () => {
    fc.assert(
      fc.property(
        anyRole,
        fc.constantFrom(...Right.options),
        fc.option(anyRun, { nil: undefined }),
        (role, right, run) => {
          const named = role.may.some((one) => one === right)
          const limited = isLimitable(right) && Boolean(role.agents || role.own)
          const fits =
            !limited ||
            (run !== undefined &&
              (!role.agents || role.agents.includes(run.agentId)) &&
              (!role.own || run.owner === 'user:alice'))
          expect(may(holder(role), right, run)).toBe((named && fits) || ofEverybody.includes(right))
          expect(mayForSome(holder(role), right)).toBe(named || ofEverybody.includes(right))
        },
      ),
    )
  })

  it('becomes policies that the schema accepts, one for each kind of thing', () => {
    fc.assert(
      fc.property(anyRole, (role) => {
        const kinds = new Set(role.may.map((right) => right.split('.')[0]))
        expect(checkedPoliciesOf(role)).toHaveLength(kinds.size)
      }),
      { numRuns: 30 },
    )
  })

  it('is given by nobody who may not do all of it, for all things', () => {
    const roles = fc.subarray<Role>(Role.options)
    fc.assert(
      fc.property(anyRole, roles, fc.option(anyRole, { nil: undefined }), (role, built, own) => {
        const giver = { id: 'user:bob', roles: [...built, ...(own ? [own.name] : [])], ...(own && { custom: [own] }) }
        const mayAll = role.may.every((right) => may(giver, right))
        const give = (): void => requireMayGive(giver, [], [role])
        if (mayAll) expect(give).not.toThrow()
        else expect(give).toThrow(expect.objectContaining({ code: 'forbidden' }))
      }),
    )
  })

  it('says in words why', () => {
    const role = CustomRole.parse({
      name: 'custom:releaser',
      says: 'Releasers may release',
      may: ['run.manage', 'run.read'],
      agents: ['release-bot'],
    })
    const decision = explain(holder(role), 'run.manage', { agentId: 'release-bot', owner: 'user:bob' })
    expect(decision.policies).toEqual([
      { id: 'custom:releaser/run', says: 'Releasers may release: run.manage, run.read, for runs of release-bot' },
    ])
    expect(explain(holder(role), 'run.manage', { agentId: 'repo-steward', owner: 'user:alice' }).allowed).toBe(false)
  })

  it.each([
    ['a right of machines', { may: ['node.connect'] }],
    ['a right twice', { may: ['run.read', 'run.read'] }],
    ['a limit of nothing', { may: ['secret.read'], own: true }],
    ['a sentence that would end the policy', { may: ['run.read'], says: 'x") permit (principal, action, resource);' }],
    ['the name of one that everybody has', { name: 'owner', may: ['run.read'] }],
    ['no agents', { may: ['run.read'], agents: [] }],
  ])('is refused with %s', (_what, wrong) => {
    expect(NewCustomRole.safeParse({ name: 'custom:some', ...wrong }).success).toBe(false)
  })
})

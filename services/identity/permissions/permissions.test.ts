import { Right, type Role } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDecide } from './decide.ts'
import { explain, may, requireMayGive, requirePermission, rolesThatMay } from './permissions.ts'
import { checked, policiesIn, readPermissions } from './policies.ts'

const as = (...roles: Role[]) => ({ id: 'user:alice', roles })
const written = readPermissions()

describe('a permission', () => {
  it('is needed, and nothing is permitted by default', () => {
    expect(() => requirePermission(as('owner'), 'run.create')).not.toThrow()
    expect(() => requirePermission(as('viewer', 'developer'), 'run.create')).not.toThrow()
    expect(() => requirePermission(as('auditor'), 'review.decide')).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'user:alice may not review.decide, which needs the role owner or reviewer',
      }),
    )
    for (const action of Right.options) expect(may(as(), action), action).toBe(false)
  })

  it('is held by somebody, for every action', () => {
    for (const action of Right.options) expect(rolesThatMay(action), action).not.toEqual([])
  })

  it('comes from policies that say what they are', () => {
    const { allowed, policies } = explain(as('viewer'), 'run.read')
    expect([allowed, policies.map(({ id }) => id)]).toEqual([true, ['run_read']])
    expect(policies[0]?.says).toContain('viewers may read runs')
    expect(explain(as('viewer'), 'run.create')).toMatchObject({ allowed: false, policies: [] })
  })

  it('of several roles is what each of them gives', () => {
    const some = fc.subarray<Role>(['owner', 'admin', 'operator', 'reviewer', 'auditor', 'witness', 'node'])
    fc.assert(
      fc.property(some, fc.constantFrom(...Right.options), (roles, action) => {
        expect(may(as(...roles), action)).toBe(roles.some((role) => may(as(role), action)))
      }),
    )
  })
})

describe('a role', () => {
  it('is given and taken by those who may all that it allows', () => {
    expect(() => requireMayGive(as('owner'), ['admin', 'reviewer'])).not.toThrow()
    expect(() => requireMayGive(as('owner'), ['node'])).not.toThrow()
    expect(() => requireMayGive(as('admin'), ['operator'])).not.toThrow()
    for (const beyond of ['owner', 'reviewer', 'auditor', 'node'] as const)
      expect(() => requireMayGive(as('admin'), [beyond]), beyond).toThrow(
        expect.objectContaining({ code: 'forbidden' }),
      )
  })
})

describe('the policies', () => {
  it('speak of roles that exist', () => {
    const named = written.policies.flatMap(({ text }) => [...text.matchAll(/Role::"(\w+)"/g)].map(([, role]) => role))
    const known = [
      'owner',
      'admin',
      'operator',
      'developer',
      'reviewer',
      'auditor',
      'viewer',
      'witness',
      'node',
      'provisioner',
    ]
    expect([...new Set(named)].sort()).toEqual(known.sort())
  })

  it.each([
    ['an action that is none', 'permit (principal, action == Action::"run.fly", resource is Run);', 'run.fly'],
    ['the wrong kind of thing', 'permit (principal, action == Action::"run.read", resource is Secret);', ''],
    ['a name twice', written.policies.find(({ id }) => id === 'run_read')?.text ?? '', 'the same @id'],
  ])('are refused with %s', (_what, text, message) => {
    const policy = { id: 'run_read', says: 'x', text }
    const others = message === 'the same @id' ? written.policies : []
    expect(() => checked({ ...written, policies: [...others, policy] })).toThrow(message)
  })

  it('say what they are', () => {
    expect(() => policiesIn('a.cedar', 'permit (principal, action, resource);')).toThrow('@says')
    expect(() => policiesIn('a.cedar', 'permit (principal')).toThrow('a.cedar: ')
  })
})

it('a policy that forbids wins', () => {
  const forbid = 'forbid (principal, action == Action::"run.read", resource is Run);'
  const decide = createDecide([...written.policies, { id: 'closed', says: 'Nobody may read runs', text: forbid }])
  expect(decide(['owner'], 'run.read')).toEqual({
    allowed: false,
    policies: [expect.objectContaining({ id: 'closed' })],
  })
  expect(decide(['owner'], 'run.create').allowed).toBe(true)
})

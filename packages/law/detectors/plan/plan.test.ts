import type { Effect, JsonObject, Resources } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import type { PlannedStep, PlanRequest } from '../../request.ts'
import { planDeclaredSkills } from './declared-skills.ts'
import { planFanOut } from './fan-out.ts'
import { dependenciesOf, dependentsOf } from './order.ts'
import { planSecretsOut } from './secrets-out.ts'
import { planSpending } from './spending.ts'

interface Part {
  id?: string
  skill?: string
  effects?: Effect[]
  input?: JsonObject
  after?: string[]
  resources?: Partial<Resources>
}

const stepOf = ({
  id = 'a',
  skill = 'x.y',
  effects = ['read'],
  input = {},
  after = [],
  resources,
}: Part): PlannedStep => ({
  step: { id, skill, input, after },
  skill: { effects, workspace: 'none' },
  resources: { read: [], write: [], hosts: [], ...resources },
})

const planOf = (parts: Part[], changes: Partial<PlanRequest> = {}): PlanRequest => ({
  runId: '01890a5d-ac96-774b-bcce-b302099a8057',
  tenant: 'acme',
  principal: 'agent:steward@1.0.0',
  owner: 'user:owner',
  scope: { read: [], write: [], hosts: [] },
  declaredSkills: ['x.y'],
  steps: parts.map(stepOf),
  ...changes,
})

const eur = (amount: number) => ({ spend: [{ currency: 'EUR', amount }] })

describe('planDeclaredSkills', () => {
  it('names the steps whose skill is not declared', () =>
    expect(planDeclaredSkills.find(planOf([{}, { id: 'b', skill: 'git.push' }]))).toMatchObject([
      { rule: 'plan_undeclared_skill', evidence: 'b: git.push' },
    ]))

  it('lets people use any skill, and agents without a declaration none', () => {
    const { declaredSkills: _, ...plan } = planOf([{}])
    expect(planDeclaredSkills.find({ ...plan, principal: 'user:owner' })).toEqual([])
    expect(planDeclaredSkills.find(plan)).toHaveLength(1)
  })
})

describe('planSpending', () => {
  const find = (amounts: number[], granted = 1000) =>
    planSpending.find(
      planOf(
        amounts.map((amount) => ({ resources: eur(amount) })),
        { scope: { read: [], write: [], hosts: [], ...eur(granted) } },
      ),
    )

  it('adds up the steps', () => {
    expect(find([600, 400])).toEqual([])
    expect(find([600, 401])).toMatchObject([{ rule: 'plan_overspends', evidence: '1001 EUR of 1000 granted' }])
  })

  it('stays exact beyond 2^53', () =>
    expect(find([Number.MAX_SAFE_INTEGER, 1, 1], Number.MAX_SAFE_INTEGER)).toHaveLength(1))

  it('leaves out a step that will be denied by itself', () => expect(find([5000, 400])).toEqual([]))
})

describe('planFanOut', () => {
  const many = (length: number, part: (at: number) => Part) =>
    planFanOut.find(planOf(Array.from({ length }, (_, at) => part(at))))

  it('counts steps that change something', () => {
    expect(many(20, () => ({ effects: ['write'] }))).toEqual([])
    expect(many(21, () => ({ effects: ['write'] }))).toMatchObject([{ rule: 'plan_fans_out' }])
    expect(many(100, () => ({ effects: ['read'] }))).toEqual([])
  })

  it('counts different hosts', () => {
    expect(many(9, (at) => ({ resources: { hosts: [`h${at}.example.org`] } }))).toHaveLength(1)
    expect(many(9, () => ({ resources: { hosts: ['example.org'] } }))).toEqual([])
  })
})

describe('planSecretsOut', () => {
  const post: Part = { id: 'post', effects: ['external'] }
  const find = (...parts: Part[]) => planSecretsOut.find(planOf(parts)).map(({ evidence }) => evidence)

  it.each([
    [{ input: { path: '.env' } }],
    [{ input: { path: 'deploy/.env.production' } }],
    [{ input: { path: 'config/credentials.json' } }],
    [{ input: { command: 'cat ~/.aws/credentials' } }],
    [{ input: { argv: ['cp', 'id_rsa', 'x'] } }],
    [{ resources: { read: ['/home/mara/.ssh'] } }],
  ] satisfies Array<[Part]>)('sees %j before reaching out', (part) =>
    expect(find(part, post)).toEqual(['a, then post']),
  )

  it.each([
    [{ input: { path: '.env.example' } }],
    [{ input: { path: 'src/environment.ts' } }],
    [{ input: { content: 'see .env' } }],
    [{ input: { command: 'npm test' } }],
  ] satisfies Array<[Part]>)('lets %j be', (part) => expect(find(part, post)).toEqual([]))

  it('asks for the order', () => {
    expect(find(post, { input: { path: '.env' } })).toEqual([])
    expect(find({ ...post, after: ['a'] }, { input: { path: '.env' } })).toEqual(['a, then post'])
    expect(find({ input: { path: '.env' } })).toEqual([])
  })
})

describe('dependentsOf', () => {
  it('follows steps and bindings, also in circles', () => {
    const { steps } = planOf([
      { id: 'a', after: ['c'] },
      { id: 'b', input: { x: [{ $step: 'a', $pointer: '' }] } },
      { id: 'c', after: ['b'] },
      { id: 'd' },
    ])
    expect(dependentsOf('a', dependenciesOf(steps))).toEqual(new Set(['a', 'b', 'c']))
  })
})

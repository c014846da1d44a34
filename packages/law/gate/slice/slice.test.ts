import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../law/article.ts'
import type { Law } from '../../law/law.ts'
import { anyPolicies, SCHEMA } from '../../testing/arbitrary-law.ts'
import { anyQuestion } from '../../testing/arbitrary-question.ts'
import { createJudge, type Judgement } from '../judge.ts'
import type { Question } from '../question.ts'
import { fitOf } from './fit.ts'
import { Slots } from './slots.ts'
import { vocabularyOf } from './vocabulary.ts'
import { createWholeJudge } from './whole.ts'

let laws = 0
const lawOf = (policies: readonly Policy[]): Law => {
  laws += 1
  return { digest: `law ${laws}`, policies, thresholds: { allow: 95, review: 70 } as Law['thresholds'], schema: SCHEMA }
}

const OUTCOMES = ['forbids', 'permits', 'errors'] as const
const rulesOf = (judgement: Judgement) =>
  Object.fromEntries(OUTCOMES.map((name) => [name, judgement[name].map(({ rule }) => rule).sort()]))

/** The rules, or that it was refused. */
const attempt = (judge: (question: Question) => Judgement, question: Question) => {
  try {
    return rulesOf(judge(question))
  } catch {
    return 'refused'
  }
}

const fits = fitOf(vocabularyOf(SCHEMA))

describe('a sliced law', () => {
  it('says the same as the whole law, the first time and from memory', () => {
    let pairs = 0
    const seen = { forbids: 0, permits: 0, errors: 0 }
    fc.assert(
      fc.property(anyPolicies, fc.array(anyQuestion, { minLength: 12, maxLength: 12 }), (policies, questions) => {
        const law = lawOf(policies)
        const whole = createWholeJudge(law)
        const sliced = createJudge(law)
        const forgetful = createJudge(law, 1)
        for (const question of questions) {
          expect(fits(question)).toBe(true)
          const expected = rulesOf(whole(question))
          expect(rulesOf(sliced(question))).toEqual(expected)
          expect(rulesOf(sliced(question))).toEqual(expected)
          expect(rulesOf(forgetful(question))).toEqual(expected)
          pairs += 1
          for (const name of OUTCOMES) if (expected[name]?.length) seen[name] += 1
        }
      }),
      { numRuns: 300 },
    )
    expect(pairs).toBeGreaterThan(2_000)
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(40)
  })

  it('refuses what the whole law refuses', () => {
    const spoilt = fc.tuple(anyQuestion, fc.nat(), fc.constantFrom<unknown[]>(...WRONG))
    const law = lawOf([permitOf('permit (principal, action, resource);')])
    const whole = createWholeJudge(law)
    const sliced = createJudge(law)
    let refused = 0
    fc.assert(
      fc.property(spoilt, ([question, place, wrong]) => {
        const broken = spoil(question, place, wrong)
        const expected = attempt(whole, broken)
        expect(attempt(sliced, broken)).toEqual(expected)
        if (expected === 'refused') refused += 1
      }),
      { numRuns: 1_500 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('can be asked after any number of questions that cannot be read', () => {
    const law = lawOf([permitOf('permit (principal, action in Action::"act", resource);')])
    const judge = createJudge(law)
    const [question] = fc.sample(anyQuestion, { numRuns: 1, seed: 1 }) as [Question]
    const unreadable = { ...question, principal: { type: 'Agent', id: '\ud800' } }
    for (let times = 0; times < 3_000; times += 1) expect(attempt(judge, unreadable)).toBe('refused')
    expect(attempt(judge, question)).toEqual(attempt(createWholeJudge(law), question))
    expect(attempt(judge, question)).not.toBe('refused')
  })

  it('says the same of a law that is too large for a slice', () => {
    const policies = Array.from({ length: 200 }, (_, at) => ({
      ...permitOf(`forbid (principal, action, resource is Skill) when { context.reads + ${at} > 100 };`),
      rule: `rule_${at}`,
      effect: 'forbid' as const,
    }))
    const law = lawOf([...policies, permitOf('permit (principal, action in Action::"act", resource);')])
    const whole = createWholeJudge(law)
    const sliced = createJudge(law)
    fc.assert(
      fc.property(anyQuestion, (question) => {
        expect(rulesOf(sliced(question))).toEqual(rulesOf(whole(question)))
      }),
      { numRuns: 30 },
    )
  })
})

const permitOf = (text: string): Policy => ({
  rule: 'everything',
  article: '1',
  title: 'Made up',
  severity: 'CRITICAL',
  remedy: 'None.',
  effect: 'permit',
  quorum: 1,
  adjustable: false,
  text,
})

/** Values of another type, or that JavaScript and Cedar may not mean the same by. */
const WRONG = [
  undefined,
  null,
  7,
  0.5,
  -0,
  2 ** 53,
  Number.NaN,
  '',
  'a',
  '\ud800',
  true,
  [],
  ['a', 7],
  ['\udc00'],
  new Array(2),
  {},
  { __entity: { type: 'User', id: 'owner' } },
  { __extn: { fn: 'decimal', arg: '1.0' } },
  { type: 'Agent', id: 'a@1' },
  { type: 'Action', id: 'conclude' },
  { type: 'Tenant', id: 'acme' },
]

/** The question with one of its values replaced by a wrong one, or with one member more below the first level. */
function spoil(question: Question, place: number, wrong: unknown): Question {
  const { summary, ...copy } = structuredClone(question)
  const places: Array<[holder: object, name: string]> = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const name of Object.keys(value)) places.push([value, name])
    if (!Array.isArray(value) && value !== copy) places.push([value, 'extra'])
    for (const child of Object.values(value)) visit(child)
  }
  visit(copy)
  const [holder, name] = places[place % places.length] ?? [copy, 'principal']
  Object.assign(holder, { [name]: wrong })
  return { ...copy, summary }
}

describe('the names that Cedar keeps', () => {
  it('are at most as many as there is room for, and mean what was asked for last', () => {
    const meanings = new Map<string, string>()
    const slots = new Slots<string>('n', 3, (name, source) => {
      if (source === 'bad') return { type: 'failure', errors: [] }
      meanings.set(name, source)
      return { type: 'success' }
    })
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'bad')), (keys) => {
        for (const key of keys) {
          if (key === 'bad') expect(() => slots.nameOf(key, () => key)).toThrow()
          else expect(meanings.get(slots.nameOf(key, () => key))).toBe(key)
          expect(meanings.size).toBeLessThanOrEqual(3)
        }
      }),
    )
  })
})

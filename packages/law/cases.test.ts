import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { silentLog } from '@azora/base'
import { VerificationResult } from '@azora/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Constitution, createConstitution } from './constitution.ts'
import { readCases } from './testing/cases.ts'
import { FAKE_SECRETS } from './testing/fake-secrets.ts'
import { CONSTITUTION, requestFor } from './testing/requests.ts'

let constitution: Constitution
beforeAll(async () => {
  constitution = await createConstitution({ folder: fileURLToPath(CONSTITUTION), log: silentLog })
})

const FILES = readCases()
const CASES = FILES.flatMap(({ article, cases }) => cases.map((example) => ({ article, ...example })))

const judge = (example: (typeof CASES)[number]): VerificationResult =>
  'outputs' in example
    ? constitution.verifyOutput({
        runId: '01890a5d-ac96-774b-bcce-b302099a8057',
        tenant: 'acme',
        principal: 'agent:repo-steward@1.0.0',
        outputs: example.outputs,
      })
    : constitution.verify(requestFor(example))

describe('the cases of the constitution', () => {
  it.each(CASES)('article $article: $name → $expect.verdict', (example) => {
    const result = VerificationResult.parse(judge(example))
    const rules = result.reasons.map(({ rule }) => rule).sort()
    expect({ verdict: result.verdict, rules }).toEqual(example.expect)
    expect(result.constitution).toBe(constitution.digest)
    for (const secret of Object.values(FAKE_SECRETS)) expect(JSON.stringify(result)).not.toContain(secret)
  })
})

describe('the constitution as a whole', () => {
  it('is valid', () => expect(constitution.problem).toBeUndefined())

  it('has a case for each policy that forbids, and for each article', () => {
    const expected = new Set(CASES.flatMap((example) => example.expect.rules))
    const forbids = constitution.articles.filter(({ effect }) => effect === 'forbid')
    expect(forbids.filter(({ rule }) => !expected.has(rule))).toEqual([])
    expect(new Set(FILES.map(({ article }) => article))).toEqual(
      new Set(constitution.articles.map(({ article }) => article)),
    )
  })

  it('explains each article to people', () => {
    const text = readFileSync(new URL('CONSTITUTION.md', CONSTITUTION), 'utf8')
    const explained = [...text.matchAll(/^## Article (\d+) — \S/gm)].map(([, article]) => article)
    const numbers = new Set(constitution.articles.map(({ article }) => article))
    expect(explained).toEqual(['0', ...[...numbers].sort((a, b) => Number(a) - Number(b))])
  })
})

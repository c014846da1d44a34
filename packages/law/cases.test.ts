import { fileURLToPath } from 'node:url'
import { VerificationResult } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { FAKE_SECRETS } from './cases/made-up-secrets.ts'
import { readCases } from './cases/read.ts'
import { judgeCase, runCases } from './cases/run.ts'
import { enact } from './constitution.ts'
import { EXPLANATION, lawFilesOf, readConstitution } from './law/folder.ts'
import { CONSTITUTION } from './testing/requests.ts'

const FOLDER = await readConstitution(fileURLToPath(CONSTITUTION))
const constitution = enact(lawFilesOf(FOLDER))
const SET = readCases(FOLDER)
const CASES = SET.files.flatMap(({ article, cases }) => cases.map((example) => ({ article, ...example })))

describe('the cases of the constitution', () => {
  it.each(runCases(constitution, SET))('article $article: $name → $expected.verdict', ({ actual, expected }) =>
    expect(actual).toEqual(expected),
  )

  it('get results that fit the contract and show no secret', () => {
    for (const { article: _, ...example } of CASES) {
      const result = judgeCase(constitution, SET.base, example)
      if (!('decision' in example)) {
        expect(VerificationResult.parse(result).constitution).toBe(constitution.digest)
      }
      for (const secret of Object.values(FAKE_SECRETS)) expect(JSON.stringify(result)).not.toContain(secret)
    }
  })
})

describe('the constitution as a whole', () => {
  it('has a case for each policy that forbids, and for each article', () => {
    const expected = new Set(CASES.flatMap((example) => example.expect.rules))
    const forbids = constitution.articles.filter(({ effect }) => effect === 'forbid')
    expect(forbids.filter(({ rule }) => !expected.has(rule))).toEqual([])
    expect(new Set(SET.files.map(({ article }) => article))).toEqual(
      new Set(constitution.articles.map(({ article }) => article)),
    )
  })

  it('explains each article to people', () => {
    const text = FOLDER.find(({ name }) => name === EXPLANATION)?.text ?? ''
    const explained = [...text.matchAll(/^## Article (\d+) — \S/gm)].map(([, article]) => article)
    const numbers = new Set(constitution.articles.map(({ article }) => article))
    expect(explained).toEqual(['0', ...[...numbers].sort((a, b) => Number(a) - Number(b))])
  })
})

import { describe, expect, test } from 'vitest'
import { createStyle } from '../../output/style.ts'
import { resultText } from './backtest.ts'
import { viewText } from './show.ts'

const plain = createStyle(false)
const DIGEST = 'c'.repeat(64)
const AT = '2026-01-01T00:00:00.000Z'

describe('what people read', () => {
  test('the law in force', () => {
    const text = viewText(plain, {
      digest: DIGEST,
      sequence: 3,
      since: AT,
      by: 'user:owner',
      key: 'azora/owner+00000000+AA',
      withoutCases: true,
      thresholds: { allow: 95, review: 70 },
      folderDiffers: 'the folder holds another law',
      articles: [
        {
          article: '4',
          rule: 'destructive_effect',
          title: 'No agent destroys what it cannot restore',
          severity: 'CRITICAL',
          remedy: 'Propose a branch instead.',
          effect: 'forbid',
          text: 'forbid (principal, action, resource);',
        },
      ],
    })
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
      law         cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
      activation  number 3, its cases were not tried
      since       2026-01-01T00:00:00.000Z
      by          user:owner
      key         azora/owner+00000000+AA
      thresholds  {"allow":95,"review":70}
      note        the folder holds another law

      article  rule                effect  severity  title
      4        destructive_effect  forbid  CRITICAL  No agent destroys what it cannot restore
      "
    `)
    expect(
      viewText(plain, { sequence: 0, withoutCases: false, articles: [], problem: 'none was activated' }),
    ).toContain('everything is denied: none was activated')
  })

  test('what a draft would have decided', () => {
    const change = { from: 'allow' as const, to: 'deny' as const, count: 2 }
    const text = resultText(plain, {
      draft: DIGEST,
      judged: 12_000,
      skipped: 3,
      unchanged: 11_998,
      changes: [change],
      byArticle: [{ article: '4', ...change }],
      byAgent: [{ agent: 'agent:repo-steward@1.0.0', ...change }],
      bySkill: [{ skill: 'git.publish-branch', ...change }],
      examples: [
        {
          index: 7,
          at: AT,
          run: '01920000-0000-7000-8000-000000000001',
          step: 'publish',
          skill: 'git.publish-branch',
          agent: 'agent:repo-steward@1.0.0',
          from: 'allow',
          to: 'deny',
          before: [],
          after: [{ article: '4', rule: 'no_publishing', severity: 'CRITICAL', message: 'nobody publishes' }],
        },
      ],
      durationMs: 1_234,
    })
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
      judged     12000 in 1.2s
      skipped    3, recorded without what the verdict depended on
      unchanged  11998
      changed    2

      verdict  was    would be  times
      all      allow  deny      2

      article  was    would be  times
      4        allow  deny      2

      agent                     was    would be  times
      agent:repo-steward@1.0.0  allow  deny      2

      skill               was    would be  times
      git.publish-branch  allow  deny      2

      git.publish-branch (step publish) of agent:repo-steward@1.0.0, run 01920000-0000-7000-8000-000000000001, 2026-01-01T00:00:00.000Z
        was allow
        would be deny: Article 4: nobody publishes
      "
    `)
  })
})

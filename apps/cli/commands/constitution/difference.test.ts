import { describe, expect, it } from 'vitest'
import { createStyle } from '../../output/style.ts'
import { differenceOf, differenceText } from './difference.ts'

const policy = (rule: string, text = rule) => ({
  article: '4',
  rule,
  title: `About ${rule}`,
  severity: 'HIGH' as const,
  remedy: 'Stop.',
  effect: 'forbid' as const,
  quorum: 1,
  adjustable: false,
  text,
})

describe('the difference of two laws', () => {
  it('names policies by title, and files that are no articles', () => {
    const before = {
      articles: [policy('same'), policy('gone'), policy('other', 'old')],
      files: [
        { name: 'articles/04-x.cedar', text: 'old' },
        { name: 'thresholds.json', text: '{"allow":95}' },
        { name: 'CONSTITUTION.md', text: '#' },
      ],
    }
    const after = {
      policies: [policy('same'), policy('other', 'new'), policy('young')],
      files: [
        { name: 'articles/04-x.cedar', text: 'new' },
        { name: 'thresholds.json', text: '{"allow":90}' },
        { name: 'CONSTITUTION.md', text: '#' },
        { name: 'cases/base.json', text: '{}' },
      ],
    }
    expect(differenceText(createStyle(false), differenceOf(before, after)).split('\n')).toEqual([
      '+ Article 4: About young (young)',
      '- Article 4: About gone (gone)',
      '~ Article 4: About other (other)',
      '~ thresholds.json',
      '~ 1 file of cases',
    ])
    expect(differenceText(createStyle(false), differenceOf(before, { ...before, policies: before.articles }))).toBe(
      'no policy and no file changes',
    )
  })
})

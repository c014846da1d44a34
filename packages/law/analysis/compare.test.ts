import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LawFile } from '../law/files.ts'
import { readConstitution } from '../law/folder.ts'
import { articleFiles, type MadeUp } from '../testing/laws.ts'
import { CONSTITUTION } from '../testing/requests.ts'
import { compareLaws } from './compare.ts'

const OWN = await readConstitution(fileURLToPath(CONSTITUTION))
const textOf = (name: string): string => OWN.find((file) => file.name === name)?.text ?? ''

const ACTS = 'principal, action in Action::"act", resource'
const READING: MadeUp = {
  rule: 'reading',
  effect: 'permit',
  scope: 'principal, action == Action::"read", resource',
  when: 'context.withinScope',
}
const MANY: MadeUp = {
  rule: 'many',
  article: '2',
  severity: 'HIGH',
  scope: ACTS,
  when: 'context.reads > 2 || context.hostCount > 2',
}
const HOST: MadeUp = { rule: 'host', article: '2', scope: ACTS, when: 'context.hosts.contains("bad.example.org")' }

interface Parts {
  policies?: readonly MadeUp[]
  cases?: readonly object[]
  why?: string
  thresholds?: object
  schema?: string
}

const reads = (count: number, verdict: string, ...rules: string[]) => ({
  name: `${count} files`,
  action: { resources: { read: Array.from({ length: count }, (_, at) => `/srv/docs/${at}`), write: [], hosts: [] } },
  expect: { verdict, rules },
})
const CASES = [reads(1, 'allow'), reads(3, 'review', 'many')]

function version({
  policies = [READING, MANY, HOST],
  cases = CASES,
  why = 'Because.',
  thresholds,
  schema,
}: Parts = {}): LawFile[] {
  const sections = ['0', '1', '2'].map(
    (article) => `## Article ${article} — Title\n\n${article === '1' ? 'So.' : why}\n`,
  )
  return [
    ...articleFiles(policies),
    { name: 'schema.cedarschema', text: schema ?? textOf('schema.cedarschema') },
    { name: 'thresholds.json', text: JSON.stringify(thresholds ?? { allow: 95, review: 70 }) },
    { name: 'CONSTITUTION.md', text: `# Law\n\n${sections.join('\n')}` },
    { name: 'cases/base.json', text: textOf('cases/base.json') },
    { name: 'cases/02.json', text: JSON.stringify({ article: '2', cases }) },
  ]
}

/** How the law became weaker, as `kind rule` with what is missing. */
const said = (now: Parts, before: Parts = {}): string[] =>
  compareLaws(version(before), version(now)).map(({ kind, rule, name, covered, explained }) =>
    [kind, rule ?? name, covered ? '' : 'not covered', explained ? '' : 'not explained'].filter(Boolean).join(' '),
  )

const without = (rule: string, ...more: MadeUp[]): MadeUp[] => [
  ...[READING, MANY, HOST].filter((policy) => policy.rule !== rule),
  ...more,
]

describe('a change that weakens nothing', () => {
  it.each<[string, Parts]>([
    ['no change', {}],
    ['another remedy and title', { policies: without('many', { ...MANY, title: 'Other' }) }],
    ['a graver forbid', { policies: without('many', { ...MANY, severity: 'CRITICAL' }) }],
    ['a wider forbid', { policies: without('many', { ...MANY, when: 'context.reads > 1 || context.hostCount > 2' }) }],
    ['a renamed forbid', { policies: without('host', { ...HOST, rule: 'bad_host' }) }],
    [
      'a forbid in two parts',
      {
        policies: without(
          'many',
          { ...MANY, when: 'context.reads > 2' },
          { ...MANY, rule: 'many_hosts', when: 'context.hostCount > 2' },
        ),
      },
    ],
    [
      'a narrower permit',
      { policies: without('reading', { ...READING, when: 'context.withinScope && context.reads < 9' }) },
    ],
    [
      'a permit of what is permitted',
      {
        policies: [
          READING,
          MANY,
          HOST,
          { ...READING, rule: 'again', when: 'context.withinScope && context.reads < 9' },
        ],
      },
    ],
    ['another forbid', { policies: [READING, MANY, HOST, { ...HOST, rule: 'new', when: 'context.writes > 5' }] }],
    ['a higher threshold', { thresholds: { allow: 96, review: 71 } }],
    ['another case', { cases: [...CASES, reads(4, 'review', 'many')] }],
    ['a case by another name', { cases: CASES.map((example) => ({ ...example, name: `with ${example.name}` })) }],
    ['a comment in the schema', { schema: `// A comment.\n${textOf('schema.cedarschema')}` }],
  ])('%s', (_, now) => expect(said(now)).toEqual([]))
})

describe('a change that weakens', () => {
  it.each<[string, Parts, string[]]>([
    [
      'a forbid that is gone',
      { policies: without('many') },
      ['forbid_removed many not covered not explained', 'case_opened 3 files not covered not explained'],
    ],
    ['a forbid that no case shows', { policies: without('host') }, ['forbid_removed host not covered not explained']],
    [
      'a milder forbid',
      { policies: without('host', { ...HOST, severity: 'HIGH' }) },
      ['forbid_milder host not covered not explained'],
    ],
    [
      'a narrower forbid',
      { policies: without('many', { ...MANY, when: 'context.reads > 2' }) },
      ['forbid_narrowed many not covered not explained'],
    ],
    [
      'a forbid that may fail',
      { policies: without('host', { ...HOST, when: `${HOST.when} || context.reads + 1 > 9` }) },
      ['forbid_narrowed host not covered not explained'],
    ],
    [
      'two forbids that become one',
      { policies: [READING, { ...MANY, rule: 'one' }], cases: [reads(1, 'allow')] },
      ['forbid_removed host not covered not explained', 'case_removed 3 files not explained'],
    ],
    [
      'a new permit',
      { policies: [READING, MANY, HOST, { ...READING, rule: 'more', when: 'context.reads < 1' }] },
      ['permit_added more not covered not explained'],
    ],
    [
      'a wider permit',
      { policies: without('reading', { ...READING, when: 'true' }) },
      ['permit_widened reading not covered not explained'],
    ],
    ['a lower threshold', { thresholds: { allow: 95, review: 60 } }, ['threshold_lowered not covered not explained']],
    [
      'a longer approval',
      { thresholds: { allow: 95, review: 70, reviews: { useWithinMinutes: 999 } } },
      ['review_loosened not covered not explained'],
    ],
    ['a case that is gone', { cases: [reads(1, 'allow')] }, ['case_removed 3 files not explained']],
    [
      'a case that expects more',
      { cases: [reads(1, 'allow'), reads(3, 'allow')] },
      ['case_opened 3 files not covered not explained'],
    ],
    [
      'a schema under which a group holds less',
      { schema: textOf('schema.cedarschema').replace('action none, read in [act]', 'action none, read') },
      [
        'forbid_narrowed many not covered not explained',
        'forbid_narrowed host not covered not explained',
        'case_opened 3 files not covered not explained',
      ],
    ],
  ])('%s', (_, now, expected) => expect(said(now)).toEqual(expected))

  it('and shows it and says why', () =>
    expect(
      said({ policies: without('many'), cases: [reads(1, 'allow'), reads(3, 'allow')], why: 'Times change.' }),
    ).toEqual(['forbid_removed many', 'case_opened 3 files']))

  it('and shows it but says nothing', () =>
    expect(said({ policies: without('many'), cases: [reads(1, 'allow'), reads(3, 'allow')] })).toEqual([
      'forbid_removed many not explained',
      'case_opened 3 files not explained',
    ]))
})

it('finds nothing between a law and itself', () => expect(compareLaws(OWN, OWN)).toEqual([]))

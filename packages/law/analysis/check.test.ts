import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LawFile } from '../law/files.ts'
import { readConstitution } from '../law/folder.ts'
import { articleFiles, type MadeUp } from '../testing/laws.ts'
import { CONSTITUTION } from '../testing/requests.ts'
import { checkLaw } from './check.ts'
import { thresholdFindings } from './thresholds.ts'

const FOLDER = await readConstitution(fileURLToPath(CONSTITUTION))
const KEPT = /^(schema\.cedarschema|thresholds\.json|cases\/base\.json|CONSTITUTION\.md)$/
const ACTS = 'principal, action in Action::"act", resource'

const lawOf = (policies: readonly MadeUp[], changes: Record<string, string> = {}): LawFile[] => [
  ...articleFiles(policies),
  ...FOLDER.filter(({ name }) => KEPT.test(name)).map(({ name, text }) => ({
    name,
    text: changes[name] ?? text,
  })),
]

/** What is said about policies, as `rule: kind`. */
const saidOf = (...policies: MadeUp[]): string[] =>
  checkLaw(lawOf(policies))
    .filter(({ kind }) => !['no_case', 'no_section', 'no_article'].includes(kind))
    .map(({ policy, kind }) => `${policy}: ${kind}`)

const forbid = (when: string, scope = ACTS): MadeUp => ({ rule: 'x', scope, when })

it("has nothing to say about the project's own constitution", () => {
  expect(checkLaw(FOLDER)).toEqual([])
})

describe('a policy that can never apply', () => {
  it.each([
    ['context.writes > 8 && context.writes < 3'],
    ['context.writes == 8 && context.writes != 8'],
    ['context.writes < 0'],
    ['context.findings.contains("private_host") && !context.findings.contains("private_host")'],
    ['context.hosts.isEmpty() && context.hosts.contains("a")'],
    ['context.effects.containsAny(["shout"])'],
    ['context.workspace == "some"'],
    ['context.workspace != "none" && context.workspace != "read" && context.workspace != "write"'],
    ['principal is Agent && principal.name == "a" && principal.name == "b"'],
    ['context.withinScope && (if context.withinScope then context.writes > 5 else true) && context.writes < 4'],
    ['context.findings.contains("no_such_finding")'],
    ['context.findings.contains("secret_in_output")'],
    ['context.reads > context.writes && context.reads <= context.writes'],
    ['[1, 2].contains(context.reads) && context.reads > 2'],
  ])('%s', (when) => expect(saidOf(forbid(when))).toEqual(['x: unreachable']))

  it.each([
    ['context.effects.contains("write")', 'principal, action == Action::"read", resource'],
    ['context.findings.contains("private_host")', 'principal, action == Action::"conclude", resource'],
    ['!context.effects.contains("spend")', 'principal, action == Action::"spend", resource'],
  ])('%s when %s', (when, scope) => expect(saidOf(forbid(when, scope))).toEqual(['x: unreachable']))
})

describe('a policy that can apply', () => {
  it.each([
    ['context.writes > 8 && context.writes < 10'],
    ['context.writes > 8 || context.writes < 3'],
    ['context.hosts.contains("a") && context.hosts.contains("b")'],
    ['context.writes + 1 > 8 && context.writes < 3'],
    ['context.workspace like "w*" && context.workspace != "write"'],
    ['context.effects.contains("write") && context.effects.contains("read")'],
    ['!(principal is Agent && principal.name == "a")'],
    ['context.effects.isEmpty() && context.findings.contains("effects_missing")'],
  ])('%s', (when) => expect(saidOf(forbid(when))).toEqual([]))

  it('but looks for something that nobody reports', () =>
    expect(saidOf(forbid('context.findings.contains("tpyo") || context.writes > 8'))).toEqual(['x: unknown_finding']))
})

describe('a permit that never takes effect', () => {
  const permit: MadeUp = { rule: 'p', effect: 'permit', scope: 'principal, action == Action::"destructive", resource' }
  const destroying: MadeUp = { rule: 'd', scope: ACTS, when: 'context.effects.contains("destructive")' }
  const undeclared: MadeUp = { rule: 'u', scope: ACTS, when: 'context.findings.contains("effects_missing")' }

  it('is overruled in each of its cases', () =>
    expect(saidOf(permit, destroying, undeclared)).toEqual(['p: contradiction']))

  it('but in no case less', () => expect(saidOf(permit, destroying)).toEqual([]))

  it('and not by people being asked', () =>
    expect(saidOf(permit, { ...destroying, severity: 'HIGH' }, undeclared)).toEqual([]))

  it('and not by what may fail', () =>
    expect(saidOf(permit, { ...destroying, when: `${destroying.when} || context.writes + 1 > 8` }, undeclared)).toEqual(
      [],
    ))
})

describe('a policy that adds nothing', () => {
  const wide: MadeUp = { rule: 'wide', scope: ACTS, when: 'context.writes > 8', severity: 'HIGH' }
  it.each<[MadeUp, string[]]>([
    [{ ...wide, rule: 'x' }, ['x: shadowed']],
    [{ ...wide, rule: 'x', when: 'context.writes > 10 && principal is Agent' }, ['x: shadowed']],
    [{ ...wide, rule: 'x', severity: 'MEDIUM' }, ['x: shadowed']],
    [{ ...wide, rule: 'x', severity: 'CRITICAL', when: 'context.writes > 9' }, []],
    [{ ...wide, rule: 'x', when: 'context.writes > 7' }, ['wide: shadowed']],
    [{ ...wide, rule: 'x', effect: 'permit', severity: 'CRITICAL' }, []],
  ])('%j', (policy, expected) => expect(saidOf(wide, policy)).toEqual(expected))
})

describe('documents', () => {
  const policy = { rule: 'x', scope: ACTS, when: 'context.writes > 3', severity: 'HIGH' } as const
  const example = { name: 'an example', expect: { verdict: 'review', rules: ['x'] } }
  const cases = { name: 'cases/01.json', text: JSON.stringify({ article: '1', cases: [example] }) }
  const prose = '# Law\n\n## Article 0 — Zero\n\nNo.\n\n## Article 1 — One\n\nYes.\n'
  const about = (changes: Record<string, string>, ...more: LawFile[]): string[] =>
    checkLaw([...lawOf([policy], { 'CONSTITUTION.md': prose, ...changes }), ...more]).map(
      ({ kind, policy: rule, file }) => `${kind} ${rule ?? file}`,
    )

  it('may be complete', () => expect(about({}, cases)).toEqual([]))

  it('explain each article', () =>
    expect(about({ 'CONSTITUTION.md': '## Article 0 — Zero' }, cases)).toEqual([
      'no_section articles/01-made-up.cedar',
    ]))

  it('show each article at work', () => expect(about({})).toEqual(['no_case articles/01-made-up.cedar', 'no_case x']))

  it.each(['98', '1'])('are about one article that exists: not %s', (article) =>
    expect(about({ 'CONSTITUTION.md': `${prose}\n## Article ${article} — More\n` }, cases)).toEqual([
      'no_article CONSTITUTION.md',
    ]),
  )

  it('give policies titles of their own', () => {
    const twins = [1, 2].map((count) => ({
      rule: `t${count}`,
      title: 'Same',
      scope: ACTS,
      when: `context.writes == ${count}`,
    }))
    expect(saidOf(...twins)).toEqual(['t2: duplicate_title'])
  })
})

it.each([
  [95, 70, []],
  [80, 80, ['Nothing can be reviewed: no sum of reasons has a score from 80 up to below 80.']],
  [100, 98, ['Nothing can be reviewed: no sum of reasons has a score from 98 up to below 100.']],
  [
    85,
    50,
    [
      'An action with a HIGH reason is allowed without people.',
      'An action with a MEDIUM reason is allowed without people.',
    ],
  ],
])('thresholds of %i and %i', (allow, review, messages) => {
  expect(thresholdFindings({ allow, review }).map(({ message }) => message)).toEqual(messages)
})

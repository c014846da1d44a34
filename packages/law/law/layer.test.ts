import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compareLaws } from '../analysis/compare.ts'
import { enact } from '../constitution.ts'
import { CONSTITUTION, requestFor } from '../testing/requests.ts'
import { type LawFile, readLaw } from './files.ts'
import { readConstitution } from './folder.ts'

const FILES = await readLaw(fileURLToPath(CONSTITUTION))

const policy = (effect: 'permit' | 'forbid', id: string, condition: string, more = '') => `@id("${id}")
@article("2")
@title("A test")
@severity("CRITICAL")
@remedy("None.")${more}
${effect} (principal, action == Action::"write", resource) when { ${condition} };
`
const layer = (name: string, scope: object, articles?: string, thresholds?: object): LawFile[] => [
  { name: `layers/${name}/layer.json`, text: JSON.stringify({ title: name, ...scope }) },
  ...(articles ? [{ name: `layers/${name}/articles/01.cedar`, text: articles }] : []),
  ...(thresholds ? [{ name: `layers/${name}/thresholds.json`, text: JSON.stringify(thresholds) }] : []),
]
const WRITING = requestFor({ action: { skillId: 'file.write', effects: ['write'], tenant: 'school-7' } })
const READ_ONLY = policy('forbid', 'read_only', 'true')
const adjustable = FILES.map(({ name, text }) => ({
  name,
  text: text.replace('@id("write_within_scope")', '@id("write_within_scope")\n@adjustable("yes")'),
}))

const verdictOf = (files: LawFile[], environment?: string, request = WRITING) => {
  const { verdict, layers } = enact(files, environment).verify(request)
  return { verdict, layers }
}

describe('a layer', () => {
  it('holds for its tenants, and the verdict says so', () => {
    const files = [...FILES, ...layer('classroom', { tenants: ['school-*'] }, READ_ONLY)]
    expect(verdictOf(files)).toEqual({ verdict: 'deny', layers: ['classroom'] })
    const other = requestFor({ action: { skillId: 'file.write', effects: ['write'], tenant: 'acme' } })
    expect(verdictOf(files, undefined, other)).toEqual({ verdict: 'allow', layers: undefined })
    expect(enact(files).verify(WRITING).constitution).toBe(enact(files).digest)
  })

  it('holds in its environments', () => {
    const files = [...FILES, ...layer('production', { environments: ['production'] }, READ_ONLY)]
    expect(verdictOf(files, 'production').verdict).toBe('deny')
    expect(verdictOf(files, 'staging').verdict).toBe('allow')
    expect(verdictOf(files).verdict).toBe('allow')
  })

  it('is part of the digest', () =>
    expect(enact([...FILES, ...layer('a', {}, READ_ONLY)]).digest).not.toBe(enact(FILES).digest))

  it('may ask for higher scores', () => {
    const noted = requestFor({
      action: { skillId: 'file.write', effects: ['write'], resources: { read: [], write: [], hosts: nine() } },
      scope: { read: [], write: [], hosts: nine() },
    })
    expect(verdictOf(FILES, undefined, noted).verdict).toBe('allow')
    const strict = [...FILES, ...layer('strict', {}, undefined, { allow: 100, review: 90 })]
    expect(verdictOf(strict, undefined, noted)).toEqual({ verdict: 'review', layers: ['strict'] })
  })

  it('may loosen what the law marks as adjustable', () => {
    const wider = layer('workshop', {}, policy('permit', 'write_anywhere', 'true'))
    expect(verdictOf([...adjustable, ...wider]).verdict).toBe('allow')
    const narrower = layer(
      'workshop',
      {},
      policy('permit', 'write_within_scope', 'context.writes == 0 && context.reads == 1'),
    )
    expect(verdictOf([...adjustable, ...narrower]).verdict).toBe('deny')
    expect(verdictOf([...adjustable, ...layer('workshop', { drop: ['write_within_scope'] })]).verdict).toBe('deny')
  })

  it.each([
    ['a permit', layer('a', {}, policy('permit', 'more', 'true')), /not @adjustable/],
    ['another text of a policy', layer('a', {}, policy('forbid', 'write_within_scope', 'false')), /replaces/],
    ['without a policy', layer('a', { drop: ['write_outside_scope'] }), /drops/],
    ['a lower threshold', layer('a', {}, undefined, { allow: 90, review: 70 }), /thresholds are lower/],
    ['no manifest', layer('a', {}, READ_ONLY).slice(1), /layer\.json is missing/],
    ['an unknown word', layer('a', {}, policy('forbid', 'x', 'context.colour == 1')), /colour/],
    ['the rule of another', [...layer('a', {}, READ_ONLY), ...layer('b', {}, READ_ONLY)], /two policies/],
  ])('is refused with %s', (_, files, why) => expect(() => enact([...FILES, ...files])).toThrow(why))
})

describe('a change of layers', () => {
  const kinds = async (before: LawFile[], after: LawFile[]) => {
    const whole = await readConstitution(fileURLToPath(CONSTITUTION))
    return compareLaws([...whole, ...before], [...whole, ...after]).map(({ kind }) => kind)
  }
  const classroom = layer('classroom', { tenants: ['school-*', 'club'] }, READ_ONLY)

  it('that adds one is no weakening', async () => expect(await kinds([], classroom)).toEqual([]))
  it('that changes nothing is none', async () => expect(await kinds(classroom, classroom)).toEqual([]))

  it.each([
    ['removes one', [], ['layer_removed']],
    ['narrows one', layer('classroom', { tenants: ['club'] }, READ_ONLY), ['layer_narrowed']],
    ['takes a forbid out of one', layer('classroom', { tenants: ['school-*', 'club'] }), ['forbid_removed']],
  ])('that %s is found', async (_, after, expected) => expect(await kinds(classroom, after)).toEqual(expected))
})

const nine = (): string[] => Array.from({ length: 9 }, (_, at) => `h${at}.example.org`)

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Resource, USER } from '../attributes.ts'
import { testOf } from './match.ts'
import { type Comparison, type Filter, parseFilter } from './parse.ts'

const BARBARA: Resource = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: '2819c223-7f76-453a-919d-413861904646',
  externalId: 'Bjensen',
  userName: 'bjensen@example.com',
  name: { familyName: "O'Malley", givenName: 'Barbara' },
  displayName: 'Barbara \\ "Babs"',
  active: true,
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'babs@jensen.org', type: 'home' },
  ],
  meta: { resourceType: 'User', lastModified: '2011-05-13T04:42:34.000Z' },
}
const selects = (text: string): boolean => testOf(parseFilter(text), USER)(BARBARA)

describe('a filter', () => {
  // The examples of RFC 7644, section 3.4.2.2, with attributes that are kept here in place of `title` and `ims`.
  it.each([
    ['userName eq "bjensen@example.com"', true],
    ['userName Eq "BJensen@Example.com"', true],
    ['name.familyName co "O\'Malley"', true],
    ['userName sw "J"', false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', true],
    ['displayName pr', true],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', false],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', true],
    ['meta.lastModified lt "2011-05-13T06:42:35+02:00"', true],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', true],
    ['displayName pr and active eq true', true],
    ['groups pr or active eq true', true],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', true],
    ['active eq true and (emails co "example.com" or emails.value co "example.org")', true],
    ['active ne true and not (emails co "example.com" or emails.value co "example.org")', false],
    ['active eq true and (emails.type eq "work")', true],
    ['active eq true and emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "home" and value co "@example.com"]', false],
    ['emails[type eq "work" and value co "@example.com"] or groups[display pr]', true],
  ])('%s', (text, selected) => expect(selects(text)).toBe(selected))

  it.each([
    ['externalId eq "bjensen"', false],
    ['externalId eq "Bjensen"', true],
    ['displayName eq "barbara \\\\ \\"babs\\""', true],
    ['emails ne "babs@jensen.org"', false],
    ['externalId eq null', false],
    ['name.formatted eq null', true],
    ['name.formatted pr', false],
    ['not (userName ew ".org") and userName ew ".com"', true],
    // "and" binds more than "or".
    ['active eq true or active eq true and active eq false', true],
    ['(active eq true or active eq true) and active eq false', false],
    ['not (active eq false) or active eq false', true],
  ])('compares as the schema says: %s', (text, selected) => expect(selects(text)).toBe(selected))

  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName is "x"',
    'userName eq "x" or',
    'userName eq "x" active eq true',
    '(userName eq "x"',
    'userName eq "x")',
    'not userName eq "x"',
    'emails[type eq "work"',
    'emails[type eq "work"].value eq "x"',
    'emails[groups[value eq "x"]]',
    'userName[value eq "x"]',
    'userName eq "x\ny"',
    'userName eq "\\x"',
    `userName eq "${'\n'.repeat(500)}`,
    'userName eq 5',
    'active gt true',
    'active eq "yes"',
    'name eq "x"',
    'password eq "x"',
    '__proto__ pr',
    'emails.constructor pr',
    'meta.lastModified gt "soon"',
    'displayName gt null',
    `${'('.repeat(17)}active eq true${')'.repeat(17)}`,
    Array(65).fill('active eq true').join(' or '),
    `userName eq "${'x'.repeat(2_000)}"`,
  ])('is refused: %s', (text) =>
    expect(() => selects(text)).toThrow(expect.objectContaining({ code: 'scim_filter_invalid' })),
  )
})

const path = fc.constantFrom('userName', 'name.givenName', 'emails.value', 'externalId', 'urn:a:b:2.0:User:displayName')
const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fc.integer({ min: 1 }))
const comparison = fc.constantFrom<Comparison>('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
const { tree } = fc.letrec<{ tree: Filter; leaf: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'filter' },
    tie('leaf'),
    fc.record({ op: fc.constantFrom('and', 'or'), filters: fc.array(tie('tree'), { minLength: 2, maxLength: 2 }) }),
    fc.record({ op: fc.constant('not'), filter: tie('tree') }),
    fc.record({ op: fc.constant('has'), path: fc.constant('emails'), filter: tie('leaf') }),
  ) as fc.Arbitrary<Filter>,
  leaf: fc.oneof(
    fc.record({ op: fc.constant('pr'), path }),
    fc.record({ op: comparison, path, value }),
  ) as fc.Arbitrary<Filter>,
}))

/** A filter as text, in brackets wherever there might be a doubt. */
function textOf(filter: Filter): string {
  if ('filters' in filter) return filter.filters.map((one) => `(${textOf(one)})`).join(` ${filter.op} `)
  if (filter.op === 'not') return `not (${textOf(filter.filter)})`
  if (filter.op === 'has') return `${filter.path}[${textOf(filter.filter)}]`
  if (filter.op === 'pr') return `${filter.path} pr`
  return `${filter.path} ${filter.op} ${JSON.stringify(filter.value)}`
}

describe('any filter', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        tree.filter((one) => textOf(one).length < 2_000),
        (filter) => {
          expect(parseFilter(textOf(filter))).toEqual(filter)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is read or refused, and in a moment, whatever it is', () => {
    const piece = fc.constantFrom(
      'userName',
      ' ',
      'eq',
      '"',
      '\\',
      '"x"',
      '(',
      ')',
      '[',
      ']',
      'not',
      'and',
      'or',
      '1',
      '.',
      '\n',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    fc.assert(
      fc.property(text, (some) => {
        const beganMs = performance.now()
        try {
          testOf(parseFilter(some), USER)(BARBARA)
        } catch (thrown) {
          if ((thrown as { code?: string }).code !== 'scim_filter_invalid') throw thrown
        }
        expect(performance.now() - beganMs).toBeLessThan(200)
      }),
      { numRuns: 500 },
    )
  })
})

import type { Json } from '@azora/contracts'
import { sha256Hex } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../facts/subject.ts'
import { claims } from './claims.ts'

const F = 'claim_fabricated'
const U = 'claim_unsupported'

const SOURCE =
  'The Mill Lane bridge was built in 1931 and carries about 4,200 vehicles a day. Inspectors found corrosion in two of the six bearings — a serious finding. Repairs begin on 12 August 2024 and are expected to take eleven weeks. The council has set aside 310,000 euros. The plan does not allow for winter work. “It’s safe,” she said. In March the level fell by −3.2 per cent (5 mg per litre).\nSee the rail-\nway map. 東京は日本の首都である。人口は約1400万人。 The law of 10² cases; COVID-19 hit in the 1970s.\u00a0Cost: €310 000.'
const DIGEST = sha256Hex(SOURCE)

const judge = (outputs: Json, texts: readonly string[] = [SOURCE]) =>
  claims.find({
    runId: '01890a5d-ac96-774b-bcce-b302099a8057',
    tenant: 'acme',
    principal: 'agent:writer@1.0.0',
    outputs,
    sources: texts.map((text) => ({ digest: sha256Hex(text), text })),
    ...readDocument(outputs),
  })

const rulesFor = (text: string, quote: string, source = DIGEST): string[] =>
  judge({ claims: [{ text, citations: [{ source, quote }] }] }).map(({ rule }) => rule)

const CASES: ReadonlyArray<readonly [rule: string, claim: string, quote: string]> = [
  ['', 'It cost 310,000 euros.', 'The council has set aside 310,000 euros'],
  ['', 'It cost €310 thousand.', 'set aside 310,000 euros'],
  ['', 'It cost 0.31 million euros.', 'set aside 310,000 euros'],
  ['', 'About 300,000 euros were set aside.', 'set aside 310,000 euros'],
  ['', 'More than 4,000 vehicles cross daily.', 'carries about 4,200 vehicles a day'],
  [U, 'More than 5,000 vehicles cross daily.', 'carries about 4,200 vehicles a day'],
  ['', '2 of 6 bearings are corroded.', 'corrosion in two of the six bearings'],
  [U, 'Three of the six bearings are corroded.', 'corrosion in two of the six bearings'],
  ['', 'Repairs start on 12 August 2024.', 'Repairs begin on 12 August 2024'],
  ['', 'Repairs start on 2024-08-12.', 'Repairs begin on 12 August 2024'],
  ['', 'Repairs start on 12.08.2024.', 'Repairs begin on 12 August 2024'],
  [U, 'Repairs start on 2024-09-12.', 'Repairs begin on 12 August 2024'],
  [U, 'Repairs start on 12 July 2024.', 'Repairs begin on 12 August 2024'],
  ['', 'Die Arbeiten beginnen am 12. August.', 'Repairs begin on 12 August 2024'],
  [U, 'Repairs take 12 weeks.', 'Repairs begin on 12 August 2024 and are expected to take eleven weeks.'],
  [F, 'x', 'allow for summer work'],
  [U, 'The plan allows for winter work.', 'allow for winter work'],
  ['', 'The plan does not allow for winter work.', 'allow for winter work'],
  ['', 'It is safe.', '"It\'s safe," she said.'],
  ['', 'corrosion', 'Inspectors found corrosion in two of the six bearings - a serious finding'],
  ['', 'corrosion', 'Inspectors found corrosion in two of the six bearings—a serious finding.'],
  [F, 'The level fell.', 'fell by 3.2 per cent'],
  ['', 'The level fell by 3.2 percent.', 'fell by -3.2 per cent'],
  [U, 'The level is 5 g per litre.', '(5 mg per litre)'],
  ['', 'railway', 'See the railway map'],
  ['', '東京は首都', '東京は日本の首都である'],
  [F, 'x', '東京は韓国の首都である'],
  [F, '102 cases', 'The law of 102 cases'],
  ['', '10² cases', 'The law of 10² cases'],
  ['', 'COVID-19', 'COVID-19 hit in the 1970s'],
  [U, 'In 1975 it hit', 'COVID-19 hit in the 1970s'],
  ['', 'It cost €310,000.', 'Cost: €310,000'],
  [U, 'x', 'the'],
  [U, 'x', 'of the'],
  [U, 'x', '  '],
  [U, 'x', '…'],
  [U, 'x', 'bridge'],
  [F, 'x', 'Mill Lane bridge … does … allow for winter work'],
  ['', 'x', 'The Mill Lane bridge was built in 1931 […] The council has set aside 310,000 euros'],
  ['', 'x', '[t]he council has set aside 310,000 euros'],
  ['', 'x', 'The Mill Lane bridge [...] carries about 4,200 vehicles a day.'],
  [F, 'x', 'bridge was built in 193'],
  [F, 'x', 'council has set aside 10,000 euros'],
  [F, 'x', 'orrosion in two of the six bearings'],
  ['', 'x', 'The council has set aside'],
  [F, 'x', 'the mill lane bridge was built'],
  ['', 'Zwei von sechs', 'corrosion in two of the six bearings'],
  [U, 'It opens on Tuesday.', 'The Mill Lane bridge was built in 1931'],
  ['', '1. The bridge dates from 1931 [3].', 'The Mill Lane bridge was built in 1931'],
  ['', 'Repairs may take long.', 'expected to take eleven weeks'],
  ['', 'They march on.', 'expected to take eleven weeks'],
  [F, 'x', 'The plan does allow for winter work'],
  [F, 'x', 'The plan does … allow for winter work'],
  ['', 'x', '  "The council has set aside 310,000 euros."  '],
  ['', 'x', 'Inspectors\nfound   corrosion in two of the six bearings'],
  [F, 'x', 'Inspectors found corrosion in two of the six bearings, a serious finding, and closed it'],
]

const TRUE = { text: 'It is old.', citations: [{ source: DIGEST, quote: 'The Mill Lane bridge was built in 1931' }] }

describe('claims', () => {
  it.each(CASES)('%j: %j from %j', (rule, claim, quote) =>
    expect(rulesFor(claim, quote)).toEqual(rule === '' ? [] : [rule]),
  )

  it('takes numbers from all quotes of a claim', () => {
    const text = 'Built in 1931, it needs 310,000 euros.'
    const citations = [
      { source: DIGEST, quote: 'The Mill Lane bridge was built in 1931' },
      { source: DIGEST, quote: 'The council has set aside 310,000 euros' },
    ]
    expect(judge({ claims: [{ text, citations }] })).toEqual([])
    expect(judge({ claims: [{ text, citations: citations.slice(0, 1) }] })).toMatchObject([{ rule: U }])
  })

  it('finds claims at any depth, and says where', () =>
    expect(
      judge({ a: [{ claims: [TRUE, { text: 'x', citations: [{ source: DIGEST, quote: 'It never happened' }] }] }] }),
    ).toMatchObject([{ rule: F, evidence: '/a/0/claims/1: the source does not hold the quote' }]))

  it('knows a source by its digest in any case, and no other', () => {
    const quote = 'The Mill Lane bridge was built'
    expect(rulesFor('x', quote, DIGEST.toUpperCase())).toEqual([])
    expect(rulesFor('x', quote, `sha256:${DIGEST}`)).toEqual([])
    expect(rulesFor('x', quote, sha256Hex('else'))).toEqual([F])
    expect(rulesFor('x', quote, 'https://example.org/')).toEqual([F])
    expect(judge({ claims: [TRUE] }, [])).toMatchObject([{ rule: F }])
  })

  it('asks for a source where other claims have one', () => {
    expect(judge({ claims: [TRUE, { text: 'b' }, { text: 'c', citations: [] }] })).toMatchObject([
      { rule: 'claim_uncited', evidence: '/claims/1: no citation, /claims/2: no citation' },
    ])
    expect(judge({ claims: [{ text: 'b' }, { text: 'c', citations: [] }] })).toEqual([])
  })

  it.each([
    { claims: 3 },
    { claims: { sub: 'x' } },
    { claims: [{ id: 1 }, 'x'] },
    { claims: [{ text: 'x', citations: ['Smith'] }] },
  ])('leaves %j alone', (outputs) => expect(judge(outputs)).toEqual([]))

  it('takes bounded time, and leaves what it could not check to people', () => {
    const long = 'lorem ipsum dolor sit amet; '.repeat(60_000)
    const source = sha256Hex(long)
    const many = Array.from({ length: 400 }, (_, at) => ({
      text: 'x',
      citations: [{ source, quote: `nowhere at all ${at}` }],
    }))
    const odd = ['1,', '-', ' ', "'", '… ', '[a]'].map((part) => ({
      text: part.repeat(50_000),
      citations: [{ source: DIGEST, quote: `The Mill Lane ${part.repeat(50_000)}` }],
    }))
    const start = performance.now()
    const rules = judge({ claims: [...many, ...odd] }, [long, SOURCE]).map(({ rule }) => rule)
    expect(rules).toContain(U)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

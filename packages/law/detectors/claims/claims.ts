import type { Source } from '../../request.ts'
import { type Detector, type Fact, factAbout, type OutputSubject } from '../detector.ts'
import { type Claim, claimsIn } from './claim.ts'
import { figuresMissing } from './figures.ts'
import { plain } from './plain.ts'
import { findQuote, losesNegation, negates, partsOf } from './quote.ts'
import { isTrivial } from './triviality.ts'

/** Bounds of the work for one output, in UTF-16 code units that are read and searched. */
const MAX_READ = 16_000_000
const MAX_SEARCHED = 200_000_000

type Rule = 'claim_fabricated' | 'claim_unsupported' | 'claim_uncited'

interface Objection {
  rule: Rule
  pointer: string
  why: string
}

/** Looks sources up and makes them plain when they are first cited, as long as that stays within the bounds. */
class Library {
  readonly #sources: ReadonlyMap<string, string>
  readonly #plain = new Map<string, string>()
  #read = 0
  #searched = 0

  constructor(sources: readonly Source[]) {
    this.#sources = new Map(sources.map(({ digest, text }) => [digest, text]))
  }

  /** The plain text, `undefined` for an unknown source, or `'too much'` for so many more searches. */
  find(digest: string, searches: number): { text: string } | 'too much' | undefined {
    const source = this.#sources.get(digest)
    if (source === undefined) return undefined
    this.#searched += source.length * searches
    if (this.#searched > MAX_SEARCHED) return 'too much'
    const known = this.#plain.get(digest)
    if (known !== undefined) return { text: known }
    this.#read += source.length
    if (this.#read > MAX_READ) return 'too much'
    const text = plain(source)
    this.#plain.set(digest, text)
    return { text }
  }
}

function objectionsTo(claim: Claim, library: Library): Objection[] {
  const found = claim.citations.map(({ source, quote }): [Rule, string] | undefined => {
    const parts = partsOf(quote)
    const known = library.find(source, parts.length)
    if (known === undefined) return ['claim_fabricated', 'the run has not read the source']
    if (isTrivial(parts)) return ['claim_unsupported', 'the quote shows nothing']
    if (known === 'too much') return ['claim_unsupported', 'too much text to be checked']
    const finding = findQuote(parts, known.text)
    if (finding === 'missing') return ['claim_fabricated', 'the source does not hold the quote']
    if (finding === 'reversed') return ['claim_fabricated', 'the quote leaves out a negation']
    if (finding === 'undecided') return ['claim_unsupported', 'the quote could not be checked']
    const affirms = !negates(claim.text) && !parts.some(negates)
    if (affirms && losesNegation(parts, known.text)) return ['claim_unsupported', 'the quote begins after a negation']
    return undefined
  })
  const objections = found.flatMap((objection) =>
    objection ? [{ rule: objection[0], pointer: claim.pointer, why: objection[1] }] : [],
  )
  return objections.length > 0 ? objections : figureObjections(claim)
}

function figureObjections({ text, citations, pointer }: Claim): Objection[] {
  if (citations.length === 0) return []
  const quotes = citations.map(({ quote }) => plain(quote)).join('\n')
  const missing = figuresMissing(plain(text), quotes)
  return missing.length === 0
    ? []
    : [{ rule: 'claim_unsupported', pointer, why: `no quote gives ${missing.slice(0, 3).join(' and ')}` }]
}

const FACTS: Readonly<Record<Rule, Omit<Fact, 'evidence'>>> = {
  claim_fabricated: {
    rule: 'claim_fabricated',
    article: '20',
    severity: 'CRITICAL',
    message: 'It would hand over a claim with a quote that its source does not hold.',
    remedy:
      'Quote the source word for word, under the digest of a text that this run has read, or leave the claim out.',
  },
  claim_unsupported: {
    rule: 'claim_unsupported',
    article: '20',
    severity: 'HIGH',
    message: 'It would hand over a claim that its quotes do not bear out.',
    remedy: 'Quote the passage that the claim rests on, or say only what the quotes say.',
    confidence: 0.8,
  },
  claim_uncited: {
    rule: 'claim_uncited',
    article: '20',
    severity: 'MEDIUM',
    message: 'It would hand over a claim without a source among claims that have one.',
    remedy: 'Cite a source for each claim, or leave the claim out.',
  },
}
const RULES = ['claim_fabricated', 'claim_unsupported', 'claim_uncited'] as const

function factsAbout(objections: readonly Objection[]): Fact[] {
  return RULES.flatMap((rule) => {
    const own = objections.filter((objection) => objection.rule === rule)
    const spans = [...new Set(own.map(({ pointer }) => pointer))].slice(0, 8).map((pointer) => ({ pointer }))
    return factAbout(
      own.map(({ pointer, why }) => `${pointer}: ${why}`),
      { ...FACTS[rule], spans },
    )
  })
}

/**
 * Claims of an output that cite what the run has read: `{"claims": [{"text", "citations": [{"source", "quote"}]}]}`, at any
 * depth, where `source` is the SHA-256 of the whole text in hexadecimal.
 */
export const claims: Detector<OutputSubject> = {
  name: 'claims',
  rules: RULES,
  find({ outputs, texts, sources = [] }) {
    if (!texts.some(({ isKey, value }) => isKey && value === 'claims')) return []
    const all = claimsIn(outputs)
    const cited = all.filter(({ citations }) => citations.length > 0)
    if (cited.length === 0) return []
    const library = new Library(sources)
    const uncited = all
      .filter(({ citations }) => citations.length === 0)
      .map(({ pointer }): Objection => ({ rule: 'claim_uncited', pointer, why: 'no citation' }))
    return factsAbout([...cited.flatMap((claim) => objectionsTo(claim, library)), ...uncited])
  },
}

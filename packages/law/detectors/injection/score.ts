import { phrasesFor } from './languages.ts'
import type { Layer } from './layers.ts'
import type { Signal } from './signal.ts'

interface Hit {
  signal: Signal
  weight: number
  at: number
}

export interface Score {
  total: number
  signals: Signal[]
}

/** Signals count together when they stand within this many characters. */
const REACH = 900
const HIDDEN_WEIGHT = 0.5
const QUOTED_SHARE = 0.15
/** Signals that manuals for people hardly ever give; the others alone count less. */
const TELLING: ReadonlySet<Signal> = new Set([
  'override',
  'address',
  'marker',
  'secrecy',
  'authority',
  'role',
  'ranking',
])
const PLAIN_SHARE = 0.8
const MAX_HITS = 500
const SPEAKS_OF_ATTACKS =
  /prompt[- ]?injection|injection (?:attack|payload|attempt)|jail ?break|adversarial|malicious|attack|red[- ]?team|owasp|planted|phishing|social engineering|\bcve-\d|payloads?\b|exploit|taxonomy|benchmark|data ?set|classif|detector|detect(?:s|ion|ing)|filter(?:s|ed|ing)?\b|assert|expect\(|describe\(|test case|unit test|vulnerab|warn(?:s|ing)? (?:about|of|against)|for (?:example|instance)|such as|e\.g\.|phrases? like|so-called|threat|angriff|attaque|ataque|attacc|inyecci|injeç|injection|atak|saldırı|атак|攻击|攻撃|هجوم|हमल/i
const QUOTED =
  /"[^"\n]{3,300}"|\u201c[^\u201d\n]{3,300}\u201d|\u201e[^\u201c\n]{3,300}\u201c|\u00ab[^\u00bb\n]{3,300}\u00bb|\u00bb[^\u00ab\n]{3,300}\u00ab|`[^`\n]{3,300}`|(?<=[\s(:[])'[^'\n]{3,300}'(?=[\s).,;:\]])|\u300c[^\u300d\n]{3,300}\u300d|```[\s\S]{3,3000}?```|(?<=^|\n)\s*>[^\n]{3,500}/g

/** How much a layer reads like instructions to an agent; 1 and more is enough to say so. */
export function scoreOf({ text, hidden }: Layer): Score {
  const hits = hitsIn(text)
  if (hits.length === 0) return NOTHING
  const best = densest(hits)
  if (!hidden) return best
  return { total: best.total + HIDDEN_WEIGHT, signals: [...best.signals, 'hidden'] }
}

const NOTHING: Score = { total: 0, signals: [] }

function hitsIn(text: string): Hit[] {
  const hits: Hit[] = []
  for (const { signal, weight, pattern } of phrasesFor(text)) {
    for (const { index } of text.matchAll(pattern)) {
      hits.push({ signal, weight, at: index })
      if (hits.length >= MAX_HITS) break
    }
  }
  return hits.length > 0 && SPEAKS_OF_ATTACKS.test(text) ? withoutQuotes(hits, text) : hits
}

/** What is quoted by a text about attacks is spoken of, not said. */
function withoutQuotes(hits: readonly Hit[], text: string): Hit[] {
  const quotes = [...text.matchAll(QUOTED)].map(({ 0: quote, index }) => ({ from: index, to: index + quote.length }))
  return hits.map((hit) =>
    quotes.some(({ from, to }) => hit.at >= from && hit.at < to) ? { ...hit, weight: hit.weight * QUOTED_SHARE } : hit,
  )
}

/** The stretch of text in which different signals weigh the most together. */
function densest(hits: readonly Hit[]): Score {
  const sorted = [...hits].sort((a, b) => a.at - b.at)
  let best = NOTHING
  for (let from = 0; from < sorted.length; from += 1) {
    const start = sorted[from]?.at ?? 0
    const weights = new Map<Signal, number>()
    for (let to = from; to < sorted.length; to += 1) {
      const hit = sorted[to]
      if (!hit || hit.at - start > REACH) break
      weights.set(hit.signal, Math.max(weights.get(hit.signal) ?? 0, hit.weight))
    }
    const sum = [...weights.values()].reduce((all, weight) => all + weight, 0)
    const isTelling = [...weights].some(([signal, weight]) => weight >= 1 || TELLING.has(signal))
    const total = isTelling ? sum : sum * PLAIN_SHARE
    if (total > best.total) best = { total, signals: [...weights.keys()] }
  }
  return best
}

import { phrasesFor } from './languages.ts'
import type { Layer } from './layers.ts'
import { quotesSpokenOf } from './quotes.ts'
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
const HIDDEN_WEIGHT = { no: 0, concealed: 0.5, encoded: 0.7, turned: 0.4 } as const
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
/** What an order must closely follow to count as one to the agent, and how telling that must be. */
const LEADS: ReadonlyMap<Signal, number> = new Map([
  ['address', 0.5],
  ['override', 0.8],
  ['role', 0.6],
  ['authority', 0.5],
  ['marker', 0.6],
])
const ORDER_REACH = 260
const GENERAL = 0.4
const GENERAL_REACH = 110

/** Longer texts are read in stretches, each for the languages that it has. */
const STRETCH = 8000
const OVERLAP = 1500

/** How much a layer reads like instructions to an agent; 1 and more is enough to say so. */
export function scoreOf({ text, hidden }: Layer, reach = REACH): Score {
  let best = NOTHING
  for (let from = 0; from === 0 || from + OVERLAP < text.length; from += STRETCH - OVERLAP) {
    const stretch = text.length <= STRETCH ? text : text.slice(from, from + STRETCH)
    const score = densest(addressed(hitsIn(stretch), hidden), reach)
    if (score.total > best.total) best = score
  }
  if (best.total === 0 || hidden === 'no') return best
  return { total: best.total + HIDDEN_WEIGHT[hidden], signals: [...best.signals, 'hidden'] }
}

const NOTHING: Score = { total: 0, signals: [] }

function hitsIn(text: string): Hit[] {
  const hits: Hit[] = []
  for (const { signal, weight, pattern } of phrasesFor(text)) {
    // Not matchAll, which makes a new RegExp each time: most patterns find nothing.
    pattern.lastIndex = 0
    for (let match = pattern.exec(text); match && hits.length < MAX_HITS; match = pattern.exec(text)) {
      hits.push({ signal, weight, at: match.index })
      if (match[0] === '') pattern.lastIndex += 1
    }
  }
  return hits.length > 0 ? withoutQuotes(hits, text) : hits
}

/** What is quoted by a text about attacks is spoken of, not said. */
function withoutQuotes(hits: readonly Hit[], text: string): Hit[] {
  const quotes = quotesSpokenOf(text)
  if (quotes.length === 0) return [...hits]
  return hits.map((hit) =>
    quotes.some(({ from, to }) => hit.at >= from && hit.at < to) ? { ...hit, weight: hit.weight * QUOTED_SHARE } : hit,
  )
}

/** Without the orders that nothing says are meant for the agent. */
function addressed(hits: readonly Hit[], hidden: Layer['hidden']): Hit[] {
  if (hidden === 'encoded') return [...hits]
  const leads = hits.filter(({ signal, weight }) => weight >= (LEADS.get(signal) ?? Number.POSITIVE_INFINITY))
  return hits.filter((hit) => hit.signal !== 'order' || leads.some((lead) => leadsTo(lead, hit)))
}

/** An order in general terms must follow more closely, and no mere markup. */
function leadsTo(lead: Hit, { at, weight }: Hit): boolean {
  if (at < lead.at) return false
  return weight > GENERAL ? at - lead.at <= ORDER_REACH : at - lead.at <= GENERAL_REACH && lead.signal !== 'marker'
}

/** The stretch of text in which different signals weigh the most together. */
function densest(hits: readonly Hit[], reach: number): Score {
  const sorted = [...hits].sort((a, b) => a.at - b.at)
  let best = NOTHING
  for (let from = 0; from < sorted.length; from += 1) {
    const start = sorted[from]?.at ?? 0
    const weights = new Map<Signal, number>()
    for (let to = from; to < sorted.length; to += 1) {
      const hit = sorted[to]
      if (!hit || hit.at - start > reach) break
      weights.set(hit.signal, Math.max(weights.get(hit.signal) ?? 0, hit.weight))
    }
    const sum = [...weights.values()].reduce((all, weight) => all + weight, 0)
    const isTelling = [...weights].some(([signal, weight]) => weight >= 1 || TELLING.has(signal))
    const total = isTelling ? sum : sum * PLAIN_SHARE
    if (total > best.total) best = { total, signals: [...weights.keys()] }
  }
  return best
}

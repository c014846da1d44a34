import { foreignPhrases, type PhraseBook } from '../signal.ts'

/** The words of a language that orders to an agent are made of, as alternatives of a pattern; most are stems. */
export interface Stems {
  /** Imperatives that take instructions away, and what turns them into the opposite right after. */
  drop: string
  notDrop?: string
  /** What makes instructions those that the agent has: earlier, all, yours. */
  earlier: string
  orders: string
  /** Orders with a clause that says the reader got them, or that they no longer hold. */
  received?: string
  agent: string
  /** Words before an agent that make it the one who is spoken to. */
  to: string
  ifYou: string
  /** Imperatives for deeds that are ordinary by themselves. */
  deeds: string
  /** Sending, and what should stay where it is. */
  send: string
  secrets: string
  silent: string
  /** That people need not read it. */
  humans?: string
}

const NEAR = '[^.!?,;:\\n\u3002]{0,24}?'
const WIDE = '(?:[^.!?\\n\u3002]|\\.(?=[\\w])){0,70}?'
const ENDING = '[\\p{L}\\p{M}]{0,6}'
/** After a character of a script that has no spaces. */
const UNSPACED = '(?<=[\\u3040-\\u9fff\\uac00-\\ud7af\\u0e00-\\u0e7f])'
const GAP = `(?:[\\s,:]{1,3}|(?<=['\u2019]|\\s)|${UNSPACED})`
const WORDS = '[^.!?:\\n\u3002]{0,14}?'

/** Phrases from stems, in whatever order the language puts verbs and objects. */
export function stemPhrases(stems: Stems): PhraseBook {
  const drop = `(?:${stems.drop})${stems.notDrop ? `(?!\\s+(?:${stems.notDrop})\\b)` : ''}`
  const { earlier, orders, agent } = stems
  return foreignPhrases([
    [
      'override',
      1,
      `${drop}${NEAR}(?:${earlier})${NEAR}(?:${orders})|${drop}${NEAR}(?:${orders})${NEAR}(?:${earlier})|(?:${earlier})${NEAR}(?:${orders})${NEAR}${drop}`,
    ],
    ...(stems.received ? ([['override', 0.8, `(?:${stems.received})`]] as const) : []),
    ['address', 0.6, `(?:${stems.ifYou})${WORDS}(?:${agent})`],
    [
      'address',
      0.5,
      `(?:^|[\\n!?:"'>(@]\\s{0,9}|\\.\\s{1,9})(?:${agent})(?:\\s(?:${agent}))?${ENDING}[,:!\uff0c\uff1a\u3001]|(?:${stems.to})${GAP}(?:[\\p{L}\\p{M}]{1,12}\\s)?(?:${agent})${ENDING}(?:[,:!.\uff0c\uff1a\u3001]|\\s|${UNSPACED})`,
    ],
    ['order', 0.5, `(?:${stems.deeds})`],
    ['leak', 0.6, `(?:${stems.send})${WIDE}(?:${stems.secrets})|(?:${stems.secrets})${WIDE}(?:${stems.send})`],
    ['secrecy', 0.6, `(?:${stems.silent})`],
    ...(stems.humans ? ([['secrecy', 0.5, `(?:${stems.humans})`]] as const) : []),
  ])
}

/** Where something is sent to, in any language. */
export const ELSEWHERE = 'https?:\\/\\/|[\\w]@[\\w-]{1,60}\\.\\w'

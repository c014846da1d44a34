/**
 * What a text does that an instruction to an agent does, each independent of the others:
 * - `override`: takes earlier instructions away, or gives new ones
 * - `address`: speaks to a model or an agent
 * - `marker`: imitates the turns or the markup of a conversation
 * - `tool`: imitates or asks for a call of a tool
 * - `deed`: asks for something that only an agent could do here, such as a payment
 * - `order`: asks for a deed that is ordinary by itself; counts only where the agent is spoken to
 * - `leak`: asks for secrets, prompts or what the user said
 * - `secrecy`: asks to keep people out of it
 * - `authority`: claims to speak for somebody who may command
 * - `ranking`: asks for praise, a grade or a rank
 * - `memory`: wants to hold in later conversations
 * - `role`: gives the reader another role, or takes its limits away
 * - `reply`: says what the answer to the user shall be
 * - `hidden`: the text was made so that people don't see or can't read it
 */
export type Signal =
  | 'override'
  | 'address'
  | 'marker'
  | 'tool'
  | 'deed'
  | 'order'
  | 'leak'
  | 'secrecy'
  | 'authority'
  | 'ranking'
  | 'memory'
  | 'role'
  | 'reply'
  | 'hidden'

/** A form of words. A weight of 1 is enough by itself; anything below needs company. */
export interface Phrase {
  signal: Signal
  weight: number
  pattern: RegExp
}

type Row = readonly [signal: Signal, weight: number, source: string]

const ESCAPE_OR_CAPITAL = /\\p\{[^}]*\}|\\.|[A-Z]/g
const lower = (source: string): string =>
  source.replaceAll(ESCAPE_OR_CAPITAL, (piece) => (piece.length === 1 ? piece.toLowerCase() : piece))

/** The phrases of a language, made when they are first asked for, since patterns for all of Unicode take a while. */
export type PhraseBook = () => readonly Phrase[]

/** Phrases by signal, weight, and source of the pattern. They match text in lower case. */
export function phrases(rows: readonly Row[], flags: 'g' | 'gu' = 'gu'): PhraseBook {
  let made: readonly Phrase[] | undefined
  return () => {
    made ??= rows.map(([signal, weight, source]) => ({ signal, weight, pattern: new RegExp(lower(source), flags) }))
    return made
  }
}

const LETTER = '\\p{L}\\p{M}\\d_'
const EDGE = `(?:(?<![${LETTER}])(?=[${LETTER}])|(?<=[${LETTER}])(?![${LETTER}]))`

/** The same for languages whose letters `\b` and `\w` don't know. */
export const foreignPhrases = (rows: readonly Row[]): PhraseBook =>
  phrases(
    rows.map(([signal, weight, source]) => [
      signal,
      weight,
      source.replaceAll('[\\w', `[${LETTER}`).replaceAll('\\w', `[${LETTER}]`).replaceAll('\\b', EDGE),
    ]),
  )

import type { WitnessingView, WitnessView } from '@azora/contracts'
import { printable, type Style } from './style.ts'

/** Rows about the witnesses; none where none are asked. */
export function witnessingFacts(style: Style, witnessing: WitnessingView | undefined): Array<[string, string]> {
  if (!witnessing) return []
  const { rule, holds, since, size, witnesses } = witnessing
  const upTo = size === undefined ? '' : `, up to entry ${size}`
  const quorum = holds
    ? `${style.good('met')}: ${printable(rule)}${upTo}`
    : `${style.bad('not met')} since ${since}: ${printable(rule)}${upTo}`
  return [['witnesses', quorum], ...witnesses.map((witness): [string, string] => ['', lineOf(style, witness)])]
}

function lineOf(style: Style, { name, state, size, problem }: WitnessView): string {
  const seen = size === undefined ? '' : `, cosigned ${size}`
  const word = state === 'ok' ? state : state === 'contradicts' ? style.bad(state) : style.heed(state)
  return `${printable(name)}: ${word}${seen}${problem === undefined ? '' : ` (${printable(problem)})`}`
}

import type { Token } from './tokens.ts'

/** One statement as tokens, with the cheap look-ups that its rules share. */
export class Words {
  readonly tokens: readonly Token[]
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }
  /** The bare word or symbol at a place, empty for anything else. */
  at(place: number): string {
    const token = this.tokens[place]
    return token && (token.kind === 'word' || token.kind === 'symbol') ? token.value : ''
  }
  isName(place: number): boolean {
    const kind = this.tokens[place]?.kind
    return kind === 'word' || kind === 'name' || kind === 'variable'
  }
  /** The last part of the name that begins at a place, and the place behind it. */
  name(place: number): { name: string; end: number } {
    let end = place + 1
    while (this.at(end) === '.') end += this.at(end + 1) === '.' ? 1 : 2
    return { name: this.tokens[end - 1]?.value ?? '', end }
  }
}

import { readingsOf } from './decoded.ts'
import type { FoundSecret } from './found-secret.ts'
import { looksRandom } from './random-text.ts'
import { formsIn, secretsIn } from './secrets.ts'
import type { Text } from './subject.ts'

/** Pieces of text of a document that make one text when put together. */
export interface JoinedText {
  value: string
  pointer(): string
}

const MAX_JOINED = 262_144

/** Kinds of the secrets that are in a text, but not as it stands: encoded, cut by invisible characters, or in pieces. */
export function hiddenSecretKinds(text: Text): string[] {
  if (text.value.length < 16) return []
  const readings = readingsOf(text)
  const found = readings.flatMap((reading) => (reading === text.value ? [] : secretsIn(reading)))
  if (found.length > 0) return [...new Set(found.map(({ kind }) => `${kind}, encoded`))]
  return [...new Set(readings.flatMap(inPieces).map(({ kind }) => `${kind} in pieces`))]
}

/** Runs of the characters of tokens that go on in the next line. */
const BROKEN =
  /(?<![A-Za-z0-9_+/=.-])[A-Za-z0-9_+/=.-]{2,4000}(?:\\?\s{0,40}\n\s{0,40}[A-Za-z0-9_+/=.-]{2,300}(?![^\s"'`,;)]))+/g
const LITERAL = /(["'`])[^"'`\\\n]{1,300}\1/g

const LONG_RUN = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{24,}/g
const MAX_REVERSED = 4096
const MAX_PIECES = 16

/** The pieces put together from each of the first of them on. */
const fromEach = (pieces: readonly string[]): string[] =>
  pieces.slice(0, MAX_PIECES).map((_, from) => pieces.slice(from).join(''))

/** A token that is whole only without line breaks, or when the literals of a program are put together, or backwards. */
function inPieces(text: string): FoundSecret[] {
  if (text.length > MAX_JOINED) return []
  const joined: string[] = []
  if (text.includes('\n')) for (const [run] of text.matchAll(BROKEN)) joined.push(...fromEach(run.split(/\\?\s+/)))
  const literals = (text.match(LITERAL) ?? []).filter((literal) => !/\s/.test(literal))
  if (literals.length > 1) joined.push(literals.map((literal) => literal.slice(1, -1)).join(''))
  if (/(?<=\w)["'`]{2}\w/.test(text)) joined.push(text.replaceAll(/["'`]{2}/g, ''))
  if (text.length <= MAX_REVERSED) for (const [run] of text.matchAll(LONG_RUN)) joined.push([...run].reverse().join(''))
  return joined.filter(({ length }) => length >= 20).flatMap(randomForms)
}

/** Words that follow a prefix by chance aren't random. */
const randomForms = (text: string): FoundSecret[] =>
  formsIn(text).filter(({ kind, start, end }) => kind === 'private key' || looksRandom(text.slice(start, end).slice(4)))

/** Values that follow each other and could be pieces of one token, put together: of each array, and of all members. */
export function* joinedTexts(texts: readonly Text[]): Generator<JoinedText> {
  for (const run of runsOf(texts)) {
    const pieces = run.map(({ value }) => value)
    for (const [from, value] of fromEach(pieces).entries()) {
      if (value.length < 20 || value.length > MAX_JOINED) break
      const first = run[from]
      if (!first || randomForms(value).length === 0) continue
      yield { value, pointer: first.pointer }
      break
    }
  }
}

/** Values without white space that follow each other. */
function runsOf(texts: readonly Text[]): Text[][] {
  const runs: Text[][] = []
  let run: Text[] = []
  for (const text of texts) {
    if (text.isKey) continue
    if (text.value.length > 300 || (/\s/.test(text.value) && !text.value.startsWith('-----'))) run = []
    else if (run.push(text) === 2) runs.push(run)
  }
  return runs
}

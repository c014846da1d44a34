import { parse, type Word, type WordPart } from 'unbash'
import { arithmetic } from './arithmetic.ts'
import { type Context, HOLE, type Machine } from './machine.ts'
import { expandParameter, variable } from './parameters.ts'

/** A part of a word, and whether the shell splits it at white space. */
interface Piece {
  text: string
  splits: boolean
}

const MAX_FIELDS = 256
const MAX_FIELD = 100_000
/** Reads, in a text that is parsed again, like a variable that nothing sets. */
const UNKNOWN = '$\u007b__unknown__}'

/** A text with holes as a shell can read it. */
export const readable = (text: string): string => text.replaceAll(HOLE, UNKNOWN)

/** Where a quoted part kept the name of a hole, it becomes one again. */
const reopened = (text: string): string => (text.includes(UNKNOWN) ? text.replaceAll(UNKNOWN, HOLE) : text)

/** The words that a word becomes: brace expansion, parameters, substitutions, word splitting. Globs stay as they are. */
export function fieldsOf(word: Word, machine: Machine, context: Context): string[] {
  const { parts } = word
  if (!parts) return [reopened(word.value)]
  const fields: string[] = []
  for (const pieces of alternatives(parts, machine, context)) {
    split(pieces, fields, context.variables.get('IFS')?.[0])
    if (fields.length >= MAX_FIELDS) return [...fields.slice(0, MAX_FIELDS), HOLE]
  }
  return fields
}

/** What a word is where it isn't split: in assignments, redirections and here-strings. */
export function valueFor(word: Word | undefined, machine: Machine, context: Context): string {
  if (!word) return HOLE
  return word.parts ? textOf(word.parts, machine, context) : reopened(word.value)
}

/** The text of parts that are neither split nor brace-expanded, as in a here-document. */
export function textOf(parts: readonly WordPart[], machine: Machine, context: Context): string {
  let text = ''
  for (const part of parts) {
    text += part.type === 'BraceExpansion' ? part.text : pieceOf(part, machine, context).text
    if (text.length > MAX_FIELD) return HOLE
  }
  return text
}

function alternatives(parts: readonly WordPart[], machine: Machine, context: Context): Piece[][] {
  let open: Piece[][] = [[]]
  for (const part of parts) {
    if (part.type !== 'BraceExpansion') {
      const piece = pieceOf(part, machine, context)
      for (const pieces of open) pieces.push(piece)
      continue
    }
    const choices = braces(part.text).flatMap((choice) => choiceOf(choice, machine, context))
    if (open.length * choices.length > MAX_FIELDS) return [[{ text: HOLE, splits: true }]]
    open = open.flatMap((pieces) => choices.map((choice) => [...pieces, ...choice]))
  }
  return open
}

function choiceOf(choice: string, machine: Machine, context: Context): Piece[][] {
  const first = parse(`: ${choice}`).commands[0]?.command
  const word = first?.type === 'Command' ? first.args[0] : undefined
  if (word?.type !== 'Word') return [[{ text: choice, splits: false }]]
  if (!word.parts) return [[{ text: reopened(word.value), splits: false }]]
  return alternatives(word.parts, machine, context)
}

const RANGE = /^(-?\d{1,6}|[A-Za-z])\.\.(-?\d{1,6}|[A-Za-z])(?:\.\.(-?\d{1,6}))?$/

/** `{a,b{c,d}}` → `a`, `b{c,d}`; `{1..3}` → `1`, `2`, `3`. */
function braces(text: string): string[] {
  const inner = text.slice(1, -1)
  const range = RANGE.exec(inner)
  if (range) return rangeOf(range[1] ?? '', range[2] ?? '', Number(range[3] ?? 1))
  const choices: string[] = []
  let depth = 0
  let start = 0
  let quote = ''
  for (let at = 0; at < inner.length; at += 1) {
    const char = inner.charAt(at)
    if (char === '\\') at += 1
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === '{' || char === '(') depth += 1
    else if (char === '}' || char === ')') depth -= 1
    else if (char === ',' && depth === 0) {
      choices.push(inner.slice(start, at))
      start = at + 1
    }
  }
  return [...choices, inner.slice(start)]
}

function rangeOf(from: string, to: string, by: number): string[] {
  const numeric = /\d/.test(from) && /\d/.test(to)
  const [first, last] = numeric ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)]
  const step = Math.max(1, Math.abs(by)) * (first <= last ? 1 : -1)
  if (Math.abs(last - first) / Math.abs(step) > MAX_FIELDS) return [HOLE]
  const found: string[] = []
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) {
    found.push(numeric ? String(at) : String.fromCharCode(at))
  }
  return found
}

function pieceOf(part: WordPart, machine: Machine, context: Context): Piece {
  switch (part.type) {
    case 'DoubleQuoted':
    case 'LocaleString':
      return { text: textOf(part.parts, machine, context), splits: isList(part.parts) }
    case 'SimpleExpansion':
      return { text: variable(part.text.slice(1), context), splits: true }
    case 'ParameterExpansion':
      return { text: expandParameter(part, context, (word) => valueFor(word, machine, context)), splits: true }
    case 'CommandExpansion':
      return { text: outputOf(part.script, machine, context), splits: true }
    case 'ArithmeticExpansion':
      return { text: arithmetic(part.expression, context), splits: false }
    case 'ProcessSubstitution':
      return { text: namedPipe(part, machine, context), splits: false }
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return { text: part.text, splits: false }
    default:
      return { text: reopened(part.value), splits: false }
  }
}

/** `"$@"` and `"${a[@]}"` are a word for each element. */
const isList = (parts: readonly WordPart[]): boolean =>
  parts.length === 1 && /^\$(?:@|\{@|\{\w+\[@\])/.test(parts[0]?.text ?? '')

type Script = Extract<WordPart, { type: 'CommandExpansion' }>['script']

function outputOf(script: Script, machine: Machine, context: Context): string {
  if (!script) return HOLE
  return machine.runScript(script, { ...context, input: undefined, from: [], inherited: [] }).replace(/\n+$/, '')
}

/** The name of the pipe that a process substitution makes; what comes out of it is kept under that name. */
function namedPipe(
  part: Extract<WordPart, { type: 'ProcessSubstitution' }>,
  machine: Machine,
  context: Context,
): string {
  const before = machine.commands.length
  const content = outputOf(part.script, machine, context)
  const name = `/dev/fd/${63 + context.files.size}`
  context.files.set(name, { content, from: machine.commands.slice(before) })
  return name
}

function split(pieces: readonly Piece[], fields: string[], separators: string | undefined): void {
  const blank = separators === undefined ? BLANK : separators === '' ? undefined : classOf(separators)
  let field: string | undefined
  for (const { text, splits } of pieces) {
    if (!splits || !blank?.test(text)) {
      // Nothing at all, unquoted, is no word; something quoted is one, even when it is empty.
      if (text !== '' || !splits) field = (field ?? '') + text
      continue
    }
    const [first = '', ...rest] = text.split(blank)
    if (first !== '') field = (field ?? '') + first
    for (const next of rest) {
      if (field !== undefined) fields.push(field)
      field = next === '' ? undefined : next
    }
  }
  if (field !== undefined) fields.push(field)
}

const BLANK = /\s+/
const classOf = (characters: string): RegExp => new RegExp(`[${characters.replaceAll(/[\\\]^-]/g, '\\$&')}]+`)

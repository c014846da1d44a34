import type { Command } from './command.ts'
import { programFor } from './globs.ts'
import { type Context, type Extras, HOLE, MAX_LINE } from './machine.ts'

/** What is kept of a command that would run in a context. */
export const commandOf = (words: readonly string[], context: Context, extras: Extras): Command => ({
  name: nameOf(words[0] ?? ''),
  words: words.map((shape) => ({ shape, text: shape.includes(HOLE) ? undefined : shape })),
  shapes: words,
  line: lineOf(words),
  wrappers: context.wrappers,
  assignments: extras.assignments ?? [],
  redirections: context.inherited,
  input: context.input,
  from: context.from,
  feeds: extras.feeds ?? [],
  cwd: context.cwd,
  functions: context.active,
  background: context.background,
  endless: context.endless,
  origin: context.origin,
})

const lineOf = (words: readonly string[]): string => words.slice(1).join(' ').slice(0, MAX_LINE)

/** The program that a word names; undefined when that can't be known. */
function nameOf(word: string): string | undefined {
  const base = word.slice(word.lastIndexOf('/') + 1)
  if (base.includes(HOLE)) return undefined
  if (/[?*[]/.test(base) && base !== '[' && base !== '[[') return programFor(base)
  return base.replace(/\.exe$/i, '').toLowerCase()
}

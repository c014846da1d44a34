import type { Command } from './command.ts'
import { type Context, HOLE, type Machine, within, wrapped } from './machine.ts'
import { afterOptions, operandsOf, optionValue, setOf } from './options.ts'
import { printf } from './outputs.ts'
import { resolve } from './paths.ts'
import { setPositional } from './positional.ts'

type Builtin = (words: readonly string[], context: Context, machine: Machine, command: Command) => string

const DECLARES = setOf('export declare local readonly typeset')

/** Programs of the shell itself, which change its state or run texts. Undefined for any other. */
export function runBuiltin(
  name: string,
  words: readonly string[],
  command: Command,
  context: Context,
  machine: Machine,
): string | undefined {
  if (DECLARES.has(name)) return declare(words, context)
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name]?.(words, context, machine, command) : undefined
}

function declare(words: readonly string[], context: Context): string {
  for (const word of words.slice(1)) {
    const found = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word)
    if (found?.[1] && found[2] !== HOLE) context.variables.set(found[1], [found[2] ?? ''])
  }
  return ''
}

const changeFolder: Builtin = (words, context) => {
  const [to = '~'] = operandsOf(words)
  context.cwd = to === '-' ? HOLE : resolve(context.cwd, to)
  return ''
}

const evaluate: Builtin = (words, context, machine) => inPlace(words.slice(1).join(' '), context, machine)

/** Runs a text in the shell itself, so that what it changes stays. */
function inPlace(text: string, context: Context, machine: Machine): string {
  const inner = wrapped(context, 'eval')
  const output = machine.runText(text, inner)
  context.cwd = inner.cwd
  return output
}

const source: Builtin = (words, context, machine) => {
  const [path = ''] = operandsOf(words)
  if (path === '/dev/stdin' || path === '-') {
    return context.input === undefined || context.input === HOLE ? HOLE : inPlace(context.input, context, machine)
  }
  const file = context.files.get(resolve(context.cwd, path))
  return file && file.content !== HOLE ? inPlace(file.content, context, machine) : HOLE
}

const read: Builtin = (words, context) => {
  const names = operandsOf(words, setOf('-d -i -n -N -p -t -u'))
  const line = (context.input ?? HOLE).split('\n', 1)[0] ?? ''
  const fields = names.length > 1 ? line.split(/\s+/) : [line]
  for (const [at, name] of names.entries()) {
    const value = line.includes(HOLE) && names.length > 1 ? HOLE : (fields[at] ?? '')
    context.variables.set(name, [at === names.length - 1 && at > 0 ? fields.slice(at).join(' ') || value : value])
  }
  const array = optionValue(words, '-a')
  if (array !== undefined) context.variables.set(array, line.split(/\s+/))
  return ''
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  cd: changeFolder,
  pushd: changeFolder,
  popd: (_, context) => {
    context.cwd = '.'
    return ''
  },
  eval: evaluate,
  source,
  '.': source,
  read,
  set: (words, context) => {
    const first = words.findIndex((word, at) => at > 0 && (word === '--' || !/^[-+]/.test(word)))
    if (first > 0) setPositional(context.variables, words.slice(words[first] === '--' ? first + 1 : first))
    return ''
  },
  shift: (_, context) => {
    setPositional(context.variables, (context.variables.get('@') ?? []).slice(1))
    return ''
  },
  unset: (words, context) => {
    for (const name of words.slice(1)) context.variables.set(name, [''])
    return ''
  },
  alias: (words, context) => {
    for (const word of words.slice(1)) {
      const at = word.indexOf('=')
      if (at > 0) context.aliases.set(word.slice(0, at), word.slice(at + 1))
    }
    return ''
  },
  trap: (words, context, machine) => {
    const [text = '', signal] = words.slice(afterOptions(words, setOf('')))
    if (signal !== undefined && text !== '-') machine.runText(text, within(context))
    return ''
  },
  printf: (words, context, _, command) => {
    const name = words[1] === '-v' ? words[2] : undefined
    const output = printf(name === undefined ? words.slice(1) : words.slice(3))
    if (name === undefined) return output
    context.variables.set(name, [output])
    return command.name === 'printf' ? '' : output
  },
  mapfile: (words, context) => {
    const name = operandsOf(words, setOf('-d -n -O -s -u -C -c'))[0] ?? 'MAPFILE'
    context.variables.set(
      name,
      (context.input ?? HOLE).split('\n').filter((line) => line !== ''),
    )
    return ''
  },
}

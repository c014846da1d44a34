import { type Context, HOLE, type Machine, wrapped } from './machine.ts'
import { afterOptions, setOf } from './options.ts'
import { resolve } from './paths.ts'
import { setPositional } from './positional.ts'

const SHELLS = setOf('sh bash dash zsh ksh ash mksh rbash fish csh tcsh')
const VALUED = setOf('-o -O +o +O --rcfile --init-file')

export const isShell = (name: string): boolean => SHELLS.has(name)

/** Where a shell gets the commands from that it runs. */
export type Program =
  | { kind: 'text'; text: string; name: string; args: readonly string[] }
  | { kind: 'file'; path: string; args: readonly string[] }
  | { kind: 'input' }
  /** It only checks the syntax. */
  | { kind: 'none' }

export function programOf(words: readonly string[]): Program {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (/^[-+][A-Za-z]*c[A-Za-z]*$/.test(word) && !word.startsWith('--')) {
      const first = afterOptions(words, VALUED, at + 1)
      return { kind: 'text', text: words[first] ?? '', name: words[first + 1] ?? 'bash', args: words.slice(first + 2) }
    }
    if (word === '-s' || word === '-' || word === '/dev/stdin' || word === '/dev/fd/0') return { kind: 'input' }
    if (!/^[-+]/.test(word)) return { kind: 'file', path: word, args: words.slice(at + 1) }
    if (/^-[a-z]*s[a-z]*$/.test(word)) return { kind: 'input' }
    if (VALUED.has(word)) at += 1
    // An interactive shell takes no notice of it.
    if (word === '-n' && !words.some((other) => /^-\w*i/.test(other))) return { kind: 'none' }
  }
  return { kind: 'input' }
}

export function runShell(words: readonly string[], context: Context, machine: Machine): string {
  const program = programOf(words)
  const inner = wrapped(context, words[0] ?? 'sh', { variables: new Map(context.variables) })
  if (program.kind === 'text') {
    inner.variables.set('0', [program.name])
    setPositional(inner.variables, program.args)
    return machine.runText(program.text, inner)
  }
  if (program.kind === 'none') return ''
  if (program.kind === 'input') {
    return context.input === undefined || context.input === HOLE
      ? HOLE
      : machine.runText(context.input, { ...inner, input: undefined, from: [] })
  }
  const file = context.files.get(resolve(context.cwd, program.path))
  if (!file || file.content === HOLE) return HOLE
  setPositional(inner.variables, program.args)
  return machine.runText(file.content, inner)
}

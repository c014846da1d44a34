import type { Redirection as Node } from 'unbash'
import type { Command, Redirection } from './command.ts'
import { type Context, HOLE, type Machine } from './machine.ts'
import { resolve } from './paths.ts'
import { textOf, valueFor } from './words.ts'

/** Where a command reads from and writes to. */
export interface Redirected {
  redirections: readonly Redirection[]
  /** What it reads from standard input, if that is redirected; with holes. */
  input: string | undefined
  from: readonly Command[]
}

const NONE: Redirected = { redirections: [], input: undefined, from: [] }

export function readRedirections(nodes: readonly Node[] | undefined, machine: Machine, context: Context): Redirected {
  if (!nodes || nodes.length === 0) return NONE
  const redirections: Redirection[] = []
  let input: string | undefined
  let from: readonly Command[] = []
  for (const node of nodes) {
    const shape = targetOf(node, machine, context)
    const { descriptor } = node
    const operator = node.type === 'HereDoc' ? '<<' : node.operator
    redirections.push({
      operator,
      descriptor: descriptor?.type === 'FileDescriptor' ? descriptor.value : undefined,
      target: { shape, text: shape.includes(HOLE) ? undefined : shape },
    })
    if (operator === '<<' || operator === '<<<') input = operator === '<<' ? shape : `${shape}\n`
    if (operator === '<') {
      const file = context.files.get(resolve(context.cwd, shape))
      input = file?.content ?? HOLE
      from = file?.from ?? []
    }
  }
  return { redirections, input, from }
}

function targetOf(node: Node, machine: Machine, context: Context): string {
  if (node.type !== 'HereDoc') return valueFor(node.target, machine, context)
  const { parts, text } = node.body
  return parts && !node.delimiter?.quoted ? textOf(parts, machine, context) : text
}

const OUTPUTS = new Set(['>', '>>', '>|', '&>', '&>>'])

/** Keeps an output that is redirected to a file as what that file holds. Returns what remains on standard output. */
export function redirect(output: string, known: Redirected, by: readonly Command[], context: Context): string {
  let rest = output
  for (const { operator, descriptor, target } of known.redirections) {
    if (!OUTPUTS.has(operator) || (descriptor !== undefined && descriptor !== 1)) continue
    writeFile(target.shape, rest, by, operator.endsWith('>>'), context)
    rest = ''
  }
  return rest
}

/** Notes what a command writes into a file. */
export function writeFile(
  path: string,
  content: string,
  from: readonly Command[],
  append: boolean,
  context: Context,
): void {
  const key = resolve(context.cwd, path)
  const before = append ? context.files.get(key) : undefined
  context.files.set(key, {
    content: (before?.content ?? '') + content,
    from: before ? [...before.from, ...from] : from,
  })
}

/** The same context with redirections. */
export function reading(context: Context, { redirections, input, from }: Redirected): Context {
  const inherited = redirections.length === 0 ? context.inherited : [...redirections, ...context.inherited]
  return input === undefined ? { ...context, inherited } : { ...context, inherited, input, from }
}

import type { Redirection, SyntaxNode } from 'unbash'
import type { Command } from './command.ts'
import { type Context, HOLE } from './machine.ts'
import type { Redirected } from './redirections.ts'

type SimpleCommand = Extract<SyntaxNode, { type: 'Command' }>

/** The commands whose output reached a command through variables. */
export function sourcesOfVariables(
  node: SimpleCommand,
  words: readonly string[],
  { redirections }: Redirected,
  { sources }: Context,
): Command[] {
  if (sources.size === 0) return []
  const isOpen = (shape: string): boolean => shape.includes(HOLE)
  if (!words.some(isOpen) && !redirections.some(({ target }) => isOpen(target.shape))) return []
  const texts = [node.name, ...node.args, ...node.redirects.map(textOfRedirection)].map((part) => part?.text ?? '')
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name))
  return names.flatMap((name) => sources.get(name) ?? [])
}

const textOfRedirection = (node: Redirection): { text: string } | undefined =>
  node.type === 'HereDoc' ? node.body : node.target

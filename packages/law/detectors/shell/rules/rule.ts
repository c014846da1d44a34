import type { Reason } from '@azora/contracts'
import type { ActionSubject } from '../../detector.ts'
import type { Command } from '../command.ts'
import { HOLE } from '../machine.ts'
import { resolve } from '../paths.ts'

/** What one command would do. */
export interface Find {
  command: Command
  severity: Reason['severity']
  /** Shown to people: what it does to what, such as `rm /etc`. */
  what: string
  /** From 0 to 1; absent where there is nothing to doubt. */
  confidence?: number
}

export interface Rule {
  rule: string
  message: string
  remedy: string
  find(commands: readonly Command[], subject: ActionSubject): Find[]
}

const MAX_PROGRAMS = 1_000

/** A function that finds the entries of a table for a program by the pattern of its name. */
export function byProgram<Way extends readonly [RegExp, ...unknown[]]>(
  ways: readonly Way[],
): (name: string) => readonly Way[] {
  const known = new Map<string, readonly Way[]>()
  return (name) => {
    const before = known.get(name)
    if (before) return before
    const found = ways.filter(([program]) => program.test(name))
    if (known.size >= MAX_PROGRAMS) known.clear()
    known.set(name, found)
    return found
  }
}

/** A path as people may see it. */
export const shown = (path: string): string => {
  const text = path.replaceAll(HOLE, '…')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

const OUTPUTS = new Set(['>', '>>', '>|', '&>', '&>>', '<>'])

/** Files that a command writes by redirection, resolved. */
export const redirectedTo = ({ redirections, cwd }: Command): string[] =>
  redirections.filter(({ operator }) => OUTPUTS.has(operator)).map(({ target }) => resolve(cwd, target.shape))

const WRITERS = new Set(['tee', 'cp', 'mv', 'ln', 'install', 'rsync', 'touch', 'truncate', 'scp', 'dd', 'sponge'])
const WRITES = new Set([...WRITERS, 'sed', 'curl', 'wget'])
const LAST_ONLY = new Set(['cp', 'mv', 'ln', 'install', 'rsync', 'scp'])

/** Files that a command writes, by redirection or because that is what the program does, resolved. */
export function writtenBy(command: Command): string[] {
  const { name = '', cwd } = command
  const found = command.redirections.length === 0 ? [] : redirectedTo(command)
  if (!WRITES.has(name)) return found
  const shapes = command.shapes.slice(1)
  const operands = shapes.filter((shape) => !shape.startsWith('-'))
  if (name === 'sed' && shapes.some((shape) => /^(?:-[A-Za-z]*i|--in-place)/.test(shape))) {
    found.push(...operands.slice(1).map((path) => resolve(cwd, path)))
  } else if (name === 'curl' || name === 'wget') {
    const at = shapes.findIndex((shape) => /^(?:-o|-O|--output|--output-document)$/.test(shape))
    const path = shapes[at + 1]
    if (at >= 0 && path !== undefined) found.push(resolve(cwd, path))
  } else if (name === 'dd') {
    const to = shapes.find((shape) => shape.startsWith('of='))
    if (to) found.push(resolve(cwd, to.slice(3)))
  } else if (WRITERS.has(name)) {
    const targets = LAST_ONLY.has(name) ? operands.slice(-1) : operands
    found.push(...targets.map((path) => resolve(cwd, path)))
  }
  return found
}

/** The commands that feed a command: through pipes or in its words, and those that feed these. */
export function sourcesOf(command: Command): Set<Command> {
  const found = new Set<Command>()
  const open = [...command.from, ...command.feeds]
  for (let next = open.pop(); next && found.size < 200; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...next.from, ...next.feeds)
  }
  return found
}

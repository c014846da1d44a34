import { runBuiltin } from './builtins.ts'
import type { Command } from './command.ts'
import { heldByVariables } from './environment.ts'
import { heldByOptions } from './held-commands.ts'
import { type Context, HOLE, type Machine, wrapped } from './machine.ts'
import { runCode } from './one-liners.ts'
import { outputOf } from './outputs.ts'
import { resolve } from './paths.ts'
import { isShell, runShell } from './shells.ts'
import { runWrapped } from './wrappers.ts'

/** What one command does to the context, what it runs in turn, and what it writes to standard output. */
export function runProgram(command: Command, context: Context, machine: Machine): string {
  const { name } = command
  if (name === undefined) return HOLE
  const words = command.words.map(({ shape }) => shape)
  runHeld(name, command, context, machine)
  const [path = ''] = words
  const file = path.includes('/') ? context.files.get(resolve(context.cwd, path)) : undefined
  if (file && file.content !== HOLE) return runShell(['sh', ...words], context, machine)
  if (isShell(name)) return runShell(words, context, machine)
  return (
    runBuiltin(name, words, command, context, machine) ??
    runWrapped(name, words, context, machine) ??
    runCode(name, words, context, machine) ??
    outputOf(name, words, command, context)
  )
}

/** Runs what the program is told to run beside what it does itself, by its variables and options. */
function runHeld(name: string, command: Command, context: Context, machine: Machine): void {
  const held = [...heldByVariables(command, context), ...heldByOptions(command)]
  if (held.length === 0) return
  const inner = wrapped(context, name, { input: undefined, from: [] })
  for (const one of held) {
    // What can't be known is no command yet.
    if (one[0] === undefined || one[0].startsWith(HOLE)) continue
    if (typeof one === 'string') machine.runText(one, inner)
    else machine.runWords(one, inner)
  }
}

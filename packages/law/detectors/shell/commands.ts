import { runCodeIn } from '../../facts/run-code.ts'
import type { Text } from '../../facts/subject.ts'
import type { ActionSubject } from '../detector.ts'
import type { Command, Origin } from './command.ts'
import { Interpreter } from './interpret.ts'
import { freshContext, HOLE, type Machine, type Problem, within } from './machine.ts'
import { sourcesIn } from './sources.ts'

export type { Command } from './command.ts'

export interface ShellReading {
  commands: readonly Command[]
  problems: readonly Problem[]
}

const READINGS = new WeakMap<ActionSubject, ShellReading>()
const NOTHING: ShellReading = { commands: [], problems: [] }

/** Every command that the action's arguments would run or write into a script; read once for each subject. */
export const commandsIn = (subject: ActionSubject): readonly Command[] => readShell(subject).commands

/** The same, with what could not be read. */
export function readShell(subject: ActionSubject): ShellReading {
  const known = READINGS.get(subject)
  if (known) return known
  const reading = read(subject)
  READINGS.set(subject, reading)
  return reading
}

const MAX_LENGTH = 100_000
/** Substitutions and expansions, which a parser may have to read more than once when they are nested. */
const OPENINGS = /[$<>][({]|`/g
const MAX_OPENINGS = 2_000

function read(subject: ActionSubject): ShellReading {
  const sources = sourcesIn(subject)
  const programs = runCodeIn(subject.action.skillId, subject.texts)
  if (sources.length === 0 && subject.argvs.length === 0 && programs.length === 0) return NOTHING
  const machine = new Interpreter()
  for (const { text, origin } of sources) readText(text, origin, machine)
  for (const { words, pointer } of subject.argvs) {
    const context = freshContext({ pointer, written: false, declared: true })
    machine.runWords(
      words.map((word) => word.replaceAll(HOLE, ' ')),
      within(context),
    )
  }
  for (const { text, language } of programs) readProgram(text, language, machine)
  return machine
}

const INTERPRETERS: ReadonlyArray<[language: RegExp, words: readonly string[]]> = [
  [/^(?:js|node\w*|javascript|typescript|ts|tsx|bun|deno|ecmascript)$/, ['node', '-e']],
  [/^ruby|^rb$/, ['ruby', '-e']],
  [/^perl|^pl$/, ['perl', '-e']],
  [/^php/, ['php', '-r']],
  [/^lua/, ['lua', '-e']],
  [/^(?:powershell|pwsh|ps1?)$/, ['pwsh', '-Command']],
  [/^py|^ipython|^$/, ['python3', '-c']],
]

/** A program that is run by itself is judged like one that a command hands to its interpreter. */
function readProgram({ value, pointer }: Text, language: string, machine: Machine): void {
  const origin = { pointer, written: false, declared: true, program: true }
  if (/^(?:sh|bash|zsh|shell|ksh|dash|console)$/.test(language)) readText(value, origin, machine)
  const words = INTERPRETERS.find(([pattern]) => pattern.test(language))?.[1]
  if (words) machine.runWords([...words, value.replaceAll(HOLE, ' ')], within(freshContext(origin)))
}

function readText(text: string, origin: Origin, machine: Machine): void {
  if (text.length > MAX_LENGTH || (text.match(OPENINGS)?.length ?? 0) > MAX_OPENINGS) {
    machine.problems.push({ kind: 'too-large', detail: 'a text that is too large to be followed', origin })
    return
  }
  machine.runText(text.replaceAll(HOLE, ' '), freshContext(origin))
}

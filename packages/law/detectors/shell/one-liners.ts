import { type Context, HOLE, type Machine, wrapped } from './machine.ts'
import { operandsOf, optionValue, setOf } from './options.ts'
import { callsSystem, isWholeProgram } from './whole-programs.ts'

/** Interpreters, and the options that hold a program. */
const CODE_OPTIONS: ReadonlyArray<[RegExp, readonly string[]]> = [
  [/^python[\d.]*$|^pypy3?$/, ['-c']],
  [/^perl[\d.]*$/, ['-e', '-E']],
  [/^ruby[\d.]*$/, ['-e']],
  [/^(?:node|nodejs|bun)$/, ['-e', '--eval', '-p', '--print']],
  [/^deno$/, ['eval']],
  [/^php[\d.]*$/, ['-r']],
  [/^lua[\d.]*$/, ['-e']],
  [/^(?:pwsh|powershell)$/, ['-c', '-command', '-Command', '-enc', '-EncodedCommand', '-e']],
  [/^osascript$/, ['-e']],
  [/^tclsh$/, []],
]

/** Texts in a program that it hands to a shell: `os.system('…')`, `exec("…")`, `%x(…)`. */
const CALLS =
  /\b(?:system|popen|exec|execSync|spawnSync|spawn|run|call|check_call|check_output|Popen|getoutput|getstatusoutput|shell_exec|passthru|proc_open|do\s+shell\s+script|os\.execute)\b\s*\(?\s*(?:\[\s*)?(["'])((?:\\.|(?!\1)[^\\])*)\1((?:\s*,\s*\[?\s*(["'])(?:\\.|(?!\4)[^\\])*\4){0,32})/g

const QUOTED = /(["'])((?:\\.|(?!\1)[^\\])*)\1/g
const MAX_CODE = 20_000

/** First letters of their names: a cheap way to see that a program is none of them. */
const INITIALS = new Set('pnbdlrot')

export const isInterpreter = (name: string): boolean =>
  INITIALS.has(name.charAt(0)) && CODE_OPTIONS.some(([pattern]) => pattern.test(name))

/** The program that an interpreter is given in its arguments or on standard input, with holes; undefined when there is none. */
export function codeOf(name: string, words: readonly string[], input: string | undefined): string | undefined {
  if (!INITIALS.has(name.charAt(0))) return undefined
  const options = CODE_OPTIONS.find(([pattern]) => pattern.test(name))?.[1]
  if (!options) return undefined
  const inArguments = optionValue(words, ...options) ?? clustered(words)
  if (inArguments !== undefined) return inArguments
  // The rest of the words belong to the module.
  if (/^py/.test(name) && words.some((word) => /^-[A-Za-z]*m$/.test(word))) return undefined
  const operands = operandsOf(words, setOf('-W -X -I -r'))
  return operands.length === 0 || operands[0] === '-' || operands[0] === '/dev/stdin' ? input : undefined
}

/** `perl -ne '…'`, `python3 -Bc '…'`. */
function clustered(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^-[A-Za-z0-9]{1,5}[ceE]$/.test(word))
  return at < 0 ? undefined : words[at + 1]
}

/** Runs the shell commands in the program of an interpreter. Undefined when it has no program that is known. */
export function runCode(
  name: string,
  words: readonly string[],
  context: Context,
  machine: Machine,
): string | undefined {
  const code = codeOf(name, words, context.input)
  if (code === undefined || code === HOLE) return undefined
  const inner = wrapped(context, name, { input: undefined, from: [] })
  const isWhole = isWholeProgram(context)
  for (const command of shellTextsIn(code.slice(0, MAX_CODE), name, isWhole)) {
    if (typeof command === 'string') machine.runText(command, inner)
    else machine.runWords(command, inner)
  }
  return HOLE
}

function shellTextsIn(code: string, name: string, isWhole: boolean): Array<string | string[]> {
  const found: Array<string | string[]> = []
  for (const { 0: call, 2: first = '', 3: more = '', index } of code.matchAll(CALLS)) {
    if (isWhole && !callsSystem(code, index, call)) continue
    const rest = [...more.matchAll(QUOTED)].map(([, , text = '']) => plain(text))
    found.push(rest.length === 0 ? plain(first) : [plain(first), ...rest])
  }
  if (/^(?:perl|ruby|php)/.test(name)) {
    for (const [, ticks, braces] of code.matchAll(/`([^`]{1,2000})`|(?:%x|qx)[{(/]([^})/]{1,2000})[})/]/g))
      found.push(ticks ?? braces ?? '')
  }
  return found
}

const plain = (text: string): string => text.replaceAll(/\\(["'`\\])/g, '$1').replaceAll('\\n', '\n')

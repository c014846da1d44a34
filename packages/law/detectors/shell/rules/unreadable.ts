import type { Command } from '../command.ts'
import type { ShellReading } from '../commands.ts'
import { HOLE, MAX_LINE } from '../machine.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { setOf } from '../options.ts'
import { isShell, type Program, programOf } from '../shells.ts'
import { isWholeProgram, runsDecoded } from '../whole-programs.ts'
import { isFedByDownload } from './downloads.ts'
import { type Find, type Rule, sourcesOf } from './rule.ts'

const DECODERS = setOf(
  'base64 gbase64 base32 basenc xxd openssl tr rev gunzip zcat gzip bzip2 xz unxz bzcat xzcat uudecode hexdump od perl awk gpg',
)
const DECODES = /(?:^| )(?:-\w*d\w*|-D|--decode|--decompress|-r|enc|--decrypt)(?: |$)/

const decodes = (command: Command): boolean => {
  const { name = '' } = command
  if (!DECODERS.has(name)) return false
  return (
    /^(?:tr|rev|gunzip|zcat|bzcat|xzcat|unxz|uudecode|perl|awk|od|hexdump)$/.test(name) || DECODES.test(command.line)
  )
}

/** Decoding in the program of an interpreter that then runs it. */
const DECODES_AND_RUNS =
  /(?:(?<![.\w])(?:exec|eval|compile)|\b(?:system|new\s+Function|Function(?=\s*\(\s*(?:["'`]|atob|Buffer))))\b[\s\S]{0,200}(?:b64decode|base64|fromhex|decompress|unhexlify|atob|marshal\.loads|rot_?13|decode_base64|\bpack\b|Buffer\.from|FromBase64String|codecs\.decode|\[::-1\]|fromCharCode)/i

/** Programs whose arguments are no more than text. */
const WRITES_TEXT = setOf('echo printf print :')

/** What is run, where it can't be known. */
function hidden(command: Command): Find[] {
  const { name, words, input, origin } = command
  const shapes = command.shapes
  const find = (severity: Find['severity'], what: string, confidence?: number): Find[] => [
    { command, severity, what, ...(confidence === undefined ? {} : { confidence }) },
  ]
  if (name === undefined) {
    const decoded = [...sourcesOf(command)].some(decodes)
    if (decoded) return find('CRITICAL', 'runs what was decoded')
    return origin.written || isTool(words[0]?.shape ?? '')
      ? []
      : find('HIGH', 'runs a program whose name is not known', 0.8)
  }
  if (command.line.length === MAX_LINE && !WRITES_TEXT.has(name))
    return find('HIGH', `${name}: a line too long to be judged`)
  if (isShell(name) || name === 'eval' || name === 'source' || name === '.') {
    const program = isShell(name) ? programOf(shapes) : undefined
    const text = program === undefined ? shapes.slice(1).join(' ') : textOf(program, input)
    const opaque = text?.includes(HOLE) === true || text?.startsWith('/dev/fd/') === true
    if (opaque && [...sourcesOf(command)].some(decodes)) return find('CRITICAL', `${name} runs what was decoded`)
    if (program?.kind === 'input' && input === HOLE && !command.from.every(showsFile) && !isFedByDownload(command))
      return find('HIGH', `${name} runs what another program writes`, 0.7)
    return []
  }
  if (!isInterpreter(name)) return []
  const code = codeOf(name, shapes, input)
  if (code === undefined) return []
  if (code.includes(HOLE) && [...sourcesOf(command)].some(decodes))
    return find('CRITICAL', `${name} runs what was decoded`)
  if (/^(?:pwsh|powershell)$/.test(name) && /(?:^| )-e(?:nc\w*)?(?: |$)/i.test(command.line))
    return find('CRITICAL', `${name} runs an encoded command`)
  const decoded = isWholeProgram(command) ? runsDecoded : (text: string) => DECODES_AND_RUNS.test(text)
  return decoded(code.slice(0, 20_000)) ? find('CRITICAL', `${name} decodes and runs a program`, 0.9) : []
}

/** What a shell is given to run, or the path of it. */
function textOf(program: Program, input: string | undefined): string | undefined {
  switch (program.kind) {
    case 'input':
      return input
    case 'text':
      return program.text
    case 'file':
      return program.path
    default:
      return undefined
  }
}

/** A pipe that only hands on a file of the workspace. */
const showsFile = ({ name }: Command): boolean =>
  name === 'cat' || name === 'sed' || name === 'envsubst' || name === 'heredoc'

/** Words such as `$CC` or `$(npm bin)/x`, which stand for one tool of a kind. */
const isTool = (shape: string): boolean => shape !== HOLE && !shape.startsWith(HOLE)

export const unreadable: Rule = {
  rule: 'shell_unreadable',
  message: 'It can not be known what a command would do.',
  remedy: 'Write the command out plainly, without encoding it or making up the names of programs.',
  find: (commands) => commands.flatMap(hidden),
}

/** What speaks against the texts as a whole. */
export function problemsOf({
  problems,
  commands,
}: ShellReading): Array<Omit<Find, 'command'> & { origin: Command['origin'] }> {
  return problems
    .filter(({ origin, kind }) => kind === 'too-large' || origin.declared || looksLikeShell(commands))
    .map(({ origin, detail }) => ({ origin, severity: 'HIGH', what: detail.slice(0, 80) }))
}

const COMMON = setOf(
  'rm ls cd cat echo grep find sudo curl wget git npm node python python3 sh bash chmod chown mkdir cp mv docker kubectl make export eval source awk sed xargs tar',
)

/** A text that is no command line (a sentence, a program in another language) names no common program. */
const looksLikeShell = (commands: readonly Command[]): boolean => commands.some(({ name }) => COMMON.has(name ?? ''))

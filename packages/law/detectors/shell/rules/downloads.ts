import type { Command } from '../command.ts'
import { HOLE } from '../machine.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { operandsOf, setOf } from '../options.ts'
import { isShell, programOf } from '../shells.ts'
import { isWholeProgram, runsDownload } from '../whole-programs.ts'
import { byProgram, type Find, type Rule, sourcesOf } from './rule.ts'

const DOWNLOADERS = setOf(
  'curl wget wget2 fetch aria2c http https xh lynx w3m links elinks axel httpie ftp tftp lwp-request lwp-download get invoke-webrequest iwr irm',
)
const TEXT_RUNNERS = setOf('eval source . exec')

/** Code of other languages that downloads, and that runs what it has. */
const FETCHES =
  /\b(?:urlopen|urlretrieve|requests\.get|httpx\.get|http\.client|LWP::Simple|open-uri|Net::HTTP|URI\.open|DownloadString|DownloadFile|Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b|https?:\/\//i
const EXECUTES =
  /(?<![.\w])(?:exec|eval|compile)\b|\b(?:os\.system|subprocess|popen|instance_eval|new\s+Function|vm\.run\w*|execSync|child_process|iex|Invoke-Expression|system)\b/i

const downloads = (command: Command): boolean => DOWNLOADERS.has(command.name ?? '')

export const isFedByDownload = (command: Command): boolean => [...sourcesOf(command)].some(downloads)

/** True when the text that is run comes, in whole or in part, from a download. */
function runsInput(command: Command): boolean {
  const { name = '', input } = command
  const shapes = command.shapes
  if (isShell(name)) {
    const program = programOf(shapes)
    if (program.kind === 'input') return input?.includes(HOLE) === true && isFedByDownload(command)
    if (program.kind === 'text') return program.text.includes(HOLE) && isFedByDownload(command)
    return program.kind === 'file' && program.path.startsWith('/dev/fd/') && isFedByDownload(command)
  }
  if (TEXT_RUNNERS.has(name))
    return (
      shapes.slice(1).some((shape) => shape.includes(HOLE) || shape.startsWith('/dev/fd/') || shape === '/dev/stdin') &&
      isFedByDownload(command)
    )
  if (!isInterpreter(name)) return false
  const code = codeOf(name, shapes, input)
  return (
    (code?.includes(HOLE) === true || operandsOf(shapes)[0]?.startsWith('/dev/fd/') === true) &&
    isFedByDownload(command)
  )
}

function inCode(command: Command): boolean {
  const { name = '' } = command
  if (!isInterpreter(name)) return false
  const code = codeOf(name, command.shapes, command.input)?.slice(0, 20_000)
  if (code !== undefined && isWholeProgram(command)) return runsDownload(code)
  return (
    code !== undefined &&
    FETCHES.test(code) &&
    EXECUTES.test(code) &&
    /https?:|\bIEX\b/i.test(code) &&
    runsWhatItGets(code)
  )
}

/** The download is an argument of what runs it, or both share a name. */
const runsWhatItGets = (code: string): boolean =>
  /(?:(?<![.\w])(?:exec|eval|compile)|\b(?:system|popen|iex|Invoke-Expression|new\s+Function|instance_eval|(?:child_process|cp|subprocess|vm)\.\w+))\b[^\n;]{0,80}(?:urlopen|requests|httpx|open-uri|URI\.open|Net::HTTP|get\(|fetch|file_get_contents|DownloadString|iwr|irm|Invoke-|curl|wget|\b(?:r|res|resp|response|data|code|body|src|s|d|t|text|b|c|x)\b)/i.test(
    code,
  ) ||
  /\b(?:urlopen|requests|fetch|get|DownloadString|iwr|irm)\b[\s\S]{0,200}?(?:\|\s*iex|(?<![.\w])(?:eval|exec)\b|new\s+Function|execSync)/i.test(
    code,
  )

/** Files that were downloaded and are run later on. */
function runLater(commands: readonly Command[]): Find[] {
  const files = new Set<string>()
  const found: Find[] = []
  for (const command of commands) {
    for (const path of savedBy(command)) files.add(path)
    if (files.size === 0) continue
    const { name = '' } = command
    const shapes = command.shapes
    const program = isShell(name) ? programOf(shapes) : undefined
    const run =
      program?.kind === 'file'
        ? program.path
        : isInterpreter(name) || name === 'source' || name === '.'
          ? operandsOf(shapes)[0]
          : /\//.test(shapes[0] ?? '')
            ? shapes[0]
            : undefined
    if (run !== undefined && files.has(plain(run)))
      found.push({ command, severity: 'CRITICAL', what: `runs the downloaded ${baseOf(run)}` })
    if (
      (name === 'mv' || name === 'cp' || name === 'install') &&
      shapes.length > 2 &&
      files.has(plain(shapes.at(-2) ?? ''))
    ) {
      files.add(plain(shapes.at(-1) ?? ''))
    }
  }
  return found
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/, '')
const baseOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .slice(0, 40)
    .replaceAll(HOLE, '…')

/** Paths that a download goes to. */
function savedBy(command: Command): string[] {
  const shapes = command.shapes
  const found: string[] = []
  if (downloads(command)) {
    for (const { operator, target } of command.redirections)
      if (/^(?:>|>>|>\|)$/.test(operator)) found.push(plain(target.shape))
    for (const [at, shape] of shapes.entries()) {
      const named = /^(?:-[A-Za-z]*[oO]|--output|--output-document)$/.test(shape)
        ? shapes[at + 1]
        : /^(?:--output(?:-document)?=|-[oO])(.+)/.exec(shape)?.[1]
      if (named !== undefined && named !== '-' && !/:\/\//.test(named)) found.push(plain(named))
      // Without a name of its own, a download keeps the last part of its address.
      if (/:\/\//.test(shape))
        found.push(
          shape
            .replace(/[?#].*$/, '')
            .split('/')
            .at(-1) ?? '',
        )
    }
  } else if (command.name === 'tee' && isFedByDownload(command)) found.push(...operandsOf(shapes).map(plain))
  else if (isFedByDownload(command)) {
    for (const { operator, target } of command.redirections)
      if (/^(?:>|>>|>\|)$/.test(operator)) found.push(plain(target.shape))
  }
  return found.filter((path) => path !== '' && path !== '/dev/null')
}

/** Runtimes that take the address of the code itself. */
const RUNS_ADDRESS: ReadonlyArray<[RegExp, RegExp]> = [
  [/^deno$/, /^(?:run|eval|serve)\b.*https?:\/\//],
  [/^(?:mshta|regsvr32|rundll32)$/, /https?:\/\//],
  [/^(?:npx|bunx|pnpx)$/, /(?:^| )(?:https?:\/\/|git\+)/],
  [/^ansible-pull$/, /https?:\/\//],
]
const waysOf = byProgram(RUNS_ADDRESS)

const runsAddress = (command: Command): boolean =>
  waysOf(command.name ?? '').some(([, words]) => words.test(command.line))

export const runsDownloads: Rule = {
  rule: 'shell_runs_downloads',
  message: 'A command would run what it has just downloaded, unread.',
  remedy: 'Download to a file, read or verify it, and run it in a later step; or install a released package.',
  find: (commands) => [
    ...commands
      .filter((command) => runsInput(command) || inCode(command) || runsAddress(command))
      .map(
        (command): Find => ({ command, severity: 'CRITICAL', what: `${command.name ?? 'a program'} runs a download` }),
      ),
    ...commands
      .filter(
        (command) =>
          command.name === undefined &&
          command.words.length > 0 &&
          command.words[0]?.shape === HOLE &&
          isFedByDownload(command),
      )
      .map((command): Find => ({ command, severity: 'CRITICAL', what: 'runs the words of a download' })),
    ...runLater(commands),
  ],
}

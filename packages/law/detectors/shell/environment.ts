import type { Command } from './command.ts'
import { isGitProgram } from './git-commands.ts'
import { type Context, HOLE } from './machine.ts'
import { setOf } from './options.ts'

/** Texts for a shell, or the words of a command. */
export type Held = ReadonlyArray<string | readonly string[]>

/** Variables whose value is a command line that some program hands to a shell. */
const COMMANDS =
  /^(?:GIT_(?:SSH(?:_COMMAND)?|EDITOR|SEQUENCE_EDITOR|PAGER|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND)|\w*(?:EDITOR|PAGER)|VISUAL|BROWSER|(?:SSH|SUDO)_ASKPASS|PROMPT_COMMAND|LESS(?:OPEN|CLOSE)|(?:RSYNC|CVS|BORG)_RSH|SVN_SSH|FCEDIT|HGMERGE|FZF_\w*COMMAND|RUSTC(?:_WORKSPACE)?_WRAPPER|RUSTC|CARGO_TARGET_\w+_RUNNER|npm_config_(?:script_shell|shell|editor|git|viewer)|MAKESHELL|TEXEDIT|PRINTER_COMMAND|DEBUGINFOD_COMMAND|COMMAND_NOT_FOUND)$/i
/** Variables in whose value a shell expands substitutions. */
const EXPANDED = /^(?:PS[0-4]|BASH_ENV|ENV|PROMPT|RPROMPT)$/
const SUBSTITUTION = /\$\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)|`([^`]+)`/g
/** Variables that hold options or code for an interpreter. */
const CODE: Readonly<Record<string, string>> = {
  PERL5OPT: 'perl',
  RUBYOPT: 'ruby',
  NODE_OPTIONS: 'node',
}
/** Variables that hold options of a program. */
const OPTIONS: Readonly<Record<string, string>> = {
  TAR_OPTIONS: 'tar',
  ANSIBLE_SSH_ARGS: 'ssh',
}

/** Programs that set variables for others. */
const SETTERS = setOf(
  'export declare typeset local readonly env sudo doas su-exec cross-env make docker podman nerdctl systemd-run setx',
)
const PAIR = /^(?:-e|--env=|--setenv=)?([A-Za-z_]\w*)=([\s\S]*)$/

/** Variables that a command gets, or sets for the ones that it runs, with their values; both may have holes. */
export function variablesSetBy({ name = '', assignments, shapes }: Command): Array<[name: string, value: string]> {
  const setter = SETTERS.has(name)
  if (assignments.length === 0 && !setter) return []
  return [...assignments, ...(setter ? shapes.slice(1) : [])].flatMap((word): Array<[string, string]> => {
    const [, variable, value] = PAIR.exec(word) ?? []
    return variable === undefined || value === undefined ? [] : [[variable, value]]
  })
}

/** What is run because of the variables that a command gets or sets. */
export function heldByVariables(command: Command, context: Context): Held {
  const pairs = variablesSetBy(command)
  // `export NAME` hands on what was assigned before.
  if (command.name === 'export') {
    for (const word of command.shapes.slice(1)) {
      const before = context.variables.get(word)?.[0]
      if (before !== undefined) pairs.push([word, before])
    }
  }
  return [...pairs.flatMap(([variable, value]) => heldBy(variable, value)), ...gitSettings(pairs)]
}

function heldBy(variable: string, value: string): Held {
  if (value === '' || value.trimStart().startsWith(HOLE)) return []
  if (COMMANDS.test(variable)) return [value.replace(/^\s*\|+-?/, '')]
  if (EXPANDED.test(variable)) return [...value.matchAll(SUBSTITUTION)].map(([, round, ticks]) => round ?? ticks ?? '')
  const language = Object.hasOwn(CODE, variable) ? CODE[variable] : undefined
  if (language !== undefined) return [[language, '-e', value.replaceAll('\\"', '"')]]
  const program = Object.hasOwn(OPTIONS, variable) ? OPTIONS[variable] : undefined
  return program === undefined ? [] : [[program, ...optionsIn(value)]]
}

/** Words as tar and ansible read them. */
const optionsIn = (value: string): string[] =>
  (value.match(/(?:\\.|"[^"]*"|'[^']*'|[^\s\\])+/g) ?? []).map((word) => word.replaceAll(/["']|\\(?=.)/g, ''))

/** `GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=…`. */
function gitSettings(pairs: ReadonlyArray<readonly [string, string]>): string[] {
  return pairs.flatMap(([variable, key]) => {
    const number = /^GIT_CONFIG_KEY_(\d+)$/.exec(variable)?.[1]
    const value = number && pairs.find(([other]) => other === `GIT_CONFIG_VALUE_${number}`)?.[1]
    return value && isGitProgram(key, value) ? [value.replace(/^!/, '')] : []
  })
}

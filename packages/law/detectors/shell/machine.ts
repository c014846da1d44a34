import type { ParsedScript } from 'unbash'
import type { Command, Origin } from './command.ts'

/** Stands in a text for a piece that can't be known; no word of a shell can hold a NUL. */
export const HOLE = '\0'

/** What is known of a file that the commands wrote themselves, or of a pipe that has a name. */
export interface KnownFile {
  /** Its text, with holes. */
  content: string
  /** The commands that it comes from. */
  from: readonly Command[]
}

/** What a shell knows where it runs something. A subshell gets a copy. */
export interface Context {
  readonly variables: Map<string, readonly string[]>
  readonly functions: Map<string, FunctionBody>
  readonly aliases: Map<string, string>
  /** By path, as the working folder resolves it. */
  readonly files: Map<string, KnownFile>
  /** Working folder: relative to the workspace, absolute, or below `~`; with holes. */
  cwd: string
  /** What it reads from standard input, with holes; absent when nothing is piped into it. */
  readonly input: string | undefined
  readonly from: readonly Command[]
  /** Redirections that the programs around it hand down, and its own. */
  readonly inherited: Command['redirections']
  /** The commands whose output a variable holds. */
  readonly sources: Map<string, readonly Command[]>
  /** Names of the functions that it is in. */
  readonly active: readonly string[]
  /** Programs that run what is run here, such as `sudo`; outermost first. */
  readonly wrappers: readonly string[]
  /** True when its pipeline or list runs in the background. */
  readonly background: boolean
  /** True in a loop that has no end. */
  readonly endless: boolean
  origin: Origin
  /** True when the origin is already as exact as it gets, because what runs here stands in no text of the document. */
  readonly placed: boolean
  readonly depth: number
}

/** Runs the body of a function. Returns what it writes to standard output, with holes. */
export type FunctionBody = (context: Context) => string

/** Something that speaks against the text as a whole. */
export interface Problem {
  kind: 'syntax' | 'too-large'
  detail: string
  origin: Origin
}

/** Goes through commands without running them. All that returns a text returns what would be written to standard output. */
export interface Machine {
  readonly commands: Command[]
  readonly problems: Problem[]
  /** Runs a text as a shell would; it may have holes. */
  runText(text: string, context: Context): string
  runScript(script: ParsedScript, context: Context): string
  /** Runs one command, given by its words. */
  runWords(words: readonly string[], context: Context): string
}

export interface Extras {
  feeds?: Command['feeds']
  assignments?: Command['assignments']
}

/** What is longer is judged up to here, and reported as unreadable. */
export const MAX_LINE = 20_000

const MAX_DEPTH = 12

/** A context one level deeper, for a text or command that another command runs. */
export const within = (context: Context, changes: Partial<Context> = {}): Context => ({
  ...context,
  placed: true,
  ...changes,
  depth: context.depth + 1,
})

/** Adds a program to those that run what is run in a context. */
export const wrapped = (context: Context, program: string, changes: Partial<Context> = {}): Context =>
  within(context, { wrappers: [...context.wrappers, program], ...changes })

export const isTooDeep = (context: Context): boolean => context.depth > MAX_DEPTH

/** A context whose changes to variables and the working folder stay in it. */
export const subshell = (context: Context, changes: Partial<Context> = {}): Context => ({
  ...context,
  variables: new Map(context.variables),
  functions: new Map(context.functions),
  aliases: new Map(context.aliases),
  ...changes,
})

/** What a shell knows at the start of a text. */
export const freshContext = (origin: Origin): Context => ({
  variables: new Map(),
  functions: new Map(),
  aliases: new Map(),
  files: new Map(),
  sources: new Map(),
  cwd: '.',
  input: undefined,
  from: [],
  inherited: [],
  active: [],
  wrappers: [],
  background: false,
  endless: false,
  origin,
  placed: false,
  depth: 0,
})

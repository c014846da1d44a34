/** Where a command stands. */
export interface Origin {
  pointer(): string
  /** Offsets in UTF-16 code units of the command that holds it in the text; absent for the words of one command. */
  span?: { start: number; end: number }
  /** True when it stands in a script that is only written, not run. */
  written: boolean
  /** True when the skill's manifest says that this is a command. */
  declared: boolean
  /** True when the text is a whole program of another language, which its interpreter is given. */
  program?: boolean
}

export interface Word {
  /** What the program would get; undefined when a piece of it can't be known. */
  text: string | undefined
  /** The same, with a NUL for each piece that can't be known. `~` stands for the home folder. */
  shape: string
}

export interface Redirection {
  operator: '>' | '>>' | '<' | '<>' | '<&' | '>&' | '>|' | '&>' | '&>>' | '<<' | '<<<'
  descriptor: number | undefined
  /** The file; for `<<` and `<<<` the text itself. */
  target: Word
}

/** One command that a shell would run, also one inside another (`sh -c`, `$(…)`, `xargs`, a function, a loop). */
export interface Command {
  /** The program without its folder, in lower case; undefined when it can't be known. */
  name: string | undefined
  /** The program and its arguments, after all expansions. */
  words: readonly Word[]
  /** The shapes of the words. */
  shapes: readonly string[]
  /** The shapes of the arguments in one line, of at most 20,000 characters. */
  line: string
  /** Programs that run it, such as `sudo`, `xargs` or `ssh`; outermost first. */
  wrappers: readonly string[]
  /** Variables that are set for it, as `NAME=value`; with holes. */
  assignments: readonly string[]
  redirections: readonly Redirection[]
  /** What it reads from standard input, with holes; undefined when nothing is piped or redirected into it. */
  input: string | undefined
  /** Commands whose output is piped into it. */
  from: readonly Command[]
  /** Commands whose output is among its words (`$(…)`, `<(…)`). */
  feeds: readonly Command[]
  /** Working folder: `.` for the workspace, or relative to it, absolute, or below `~`; with holes. */
  cwd: string
  /** Names of the functions that it is in; a function that calls itself appears here too. */
  functions: readonly string[]
  /** True when its pipeline or list runs in the background. */
  background: boolean
  /** True in a loop that has no end. */
  endless: boolean
  origin: Origin
}

import type { Command } from './command.ts'

/**
 * A program that an action runs as a whole is long and ordinary, other than one in an option of a command. So words in it
 * count only where they are called, and only with what they are called with.
 */
export const isWholeProgram = ({ origin, wrappers }: Pick<Command, 'origin' | 'wrappers'>): boolean =>
  origin.program === true && wrappers.length === 0

const OF_THE_SYSTEM =
  /(?:\bos|\bsubprocess|\bcommands|\bpty|child_process["')]{0,3}|\bcp|\bshelljs|\bexeca|\bIO|\bKernel|\bProcess|\bDeno|\bBun|\bio)\.$/
const SYSTEM_ONLY =
  /^(?:system|popen|shell_exec|passthru|proc_open|os\.execute|do\s{1,9}shell\s{1,9}script|execSync|spawnSync)/
/** Names that a program takes over from a module, by which it then calls them. */
const TAKES_OVER = /\bfrom\s{1,9}subprocess\s{1,9}import\b|\bchild_process\b|\bshelljs\b/

/** True where a call of this name hands its text to a shell, and isn't a function of the program's own. */
export function callsSystem(code: string, index: number, call: string): boolean {
  const before = code.slice(Math.max(0, index - 30), index)
  if (OF_THE_SYSTEM.test(before)) return true
  if (/[.\w]$/.test(before) || !/\(/.test(call)) return false
  return SYSTEM_ONLY.test(call) || (TAKES_OVER.test(code) && !/^call\b/.test(call))
}

const RUN = String.raw`(?:(?<![.\w])(?:exec|eval|compile|system|execSync|instance_eval)|\b(?:os\.system|new\s{1,9}Function|vm\.run\w*|subprocess\.\w+|child_process\.\w+|marshal\.loads|Invoke-Expression|iex))(?:\s{0,9}\(|\s{1,9}(?=[\w.:]{1,40}\())\s{0,9}`
const FETCH = String.raw`(?:urlopen|requests\.\w+|httpx\.\w+|fetch|axios|got|open-uri|URI\.open|Net::HTTP|file_get_contents|DownloadString|Invoke-WebRequest|iwr|irm)`
const DECODE = String.raw`(?:(?:\w{1,40}\.){0,4}b64decode|(?:\w{1,40}\.){0,4}decompress|(?:\w{1,40}\.){0,4}fromhex|(?:\w{1,40}\.){0,4}unhexlify|atob|marshal\.loads|codecs\.decode|decode_base64|base64_decode|Base64\.\w*decode\w*|Buffer\.from|String\.fromCharCode|(?:\w{1,40}(?:\.|::)){0,4}FromBase64String|str_rot13|gzinflate)`

const within = (what: string): RegExp => new RegExp(String.raw`${RUN}[^\n;]{0,80}${what}\b`)
const byName = (what: string): RegExp =>
  new RegExp(
    String.raw`\b(\w{1,60})\s{0,9}:?=\s{0,9}[^\n;]{0,120}${what}\b[^\n;]{0,400}[\n;][\s\S]{0,4000}?${RUN}[^\n;()]{0,20}\(?\1\b`,
  )

const RUNS_DOWNLOAD = [within(FETCH), byName(FETCH)]
const RUNS_DECODED = [within(DECODE), byName(DECODE)]

/** True when what it fetched is run: at once, or by the name that it got. */
export const runsDownload = (code: string): boolean => RUNS_DOWNLOAD.some((pattern) => pattern.test(code))

/** The same for what it decoded. */
export const runsDecoded = (code: string): boolean => RUNS_DECODED.some((pattern) => pattern.test(code))

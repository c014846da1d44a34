import { optionValue } from './options.ts'

/** Settings of git that hold a command. */
const PROGRAMS =
  /^(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|gitproxy)|sequence\.editor|pager\..+|diff\.external|(?:diff|difftool|mergetool|merge|filter|gpg|browser|man|tar|trailer|remote|uploadpack|credential|sendemail|interactive|imap|hook)\b.*(?:helper|command|cmd|textconv|driver|clean|smudge|process|program|tocmd|uploadpack|receivepack|packobjectshook|difffilter|tunnel))$/i

/** True for a setting whose value git runs; the value of an alias is a command when it begins with `!`. */
export const isGitProgram = (key: string, value: string): boolean =>
  PROGRAMS.test(key) || (value.startsWith('!') && /^alias\./i.test(key))

/** Options of the sub-commands that hold a command. */
const BY_COMMAND: Readonly<Record<string, readonly string[]>> = {
  fetch: ['--upload-pack'],
  pull: ['--upload-pack'],
  'ls-remote': ['--upload-pack', '--exec'],
  clone: ['--upload-pack', '-u'],
  push: ['--receive-pack', '--exec'],
  archive: ['--exec'],
  rebase: ['--exec', '-x'],
  difftool: ['--extcmd', '-x'],
  grep: ['--open-files-in-pager', '-O'],
  'filter-branch': ['--tree-filter', '--index-filter', '--msg-filter', '--commit-filter', '--env-filter', '--setup'],
}

const TAKES_ADDRESS = /^(?:clone|fetch|pull|push|ls-remote|remote|submodule|archive|config)$/

/** Commands in the settings and options of git, and in its addresses. */
export function gitCommands(words: readonly string[]): Array<string | readonly string[]> {
  const found: Array<string | readonly string[]> = []
  const takesAddress = words.some((word) => TAKES_ADDRESS.test(word))
  for (const [at, word] of words.entries()) {
    if (word.startsWith('ext::') && takesAddress) found.push(wordsOfTransport(word.slice(5)))
    const equals = words[at - 1] === '-c' ? word.indexOf('=') : -1
    const value = word.slice(equals + 1)
    if (equals < 0) continue
    if (value.startsWith('!')) found.push(value.slice(1))
    else if (isGitProgram(word.slice(0, equals), value)) found.push(value)
  }
  if (words.includes('config')) found.push(...setting(words.slice(words.indexOf('config') + 1)))
  if (words.includes('foreach')) {
    const rest = words.slice(words.indexOf('foreach') + 1)
    found.push(rest.filter((word) => !word.startsWith('--')).join(' '))
  }
  if (words.includes('bisect') && words.includes('run')) found.push(words.slice(words.indexOf('run') + 1))
  const command = words.find((word, at) => at > 0 && Object.hasOwn(BY_COMMAND, word))
  for (const option of (command === undefined ? undefined : BY_COMMAND[command]) ?? []) {
    const held = optionValue(words, option)
    if (held !== undefined) found.push(held)
  }
  return found
}

/** git-remote-ext(1): the words are separated by spaces; `% ` is a space in a word. */
const wordsOfTransport = (text: string): string[] =>
  text.split(/(?<!%) +/).map((word) => word.replaceAll('% ', ' ').replaceAll('%%', '%'))

/** `git config [set] [options] name value`. */
function setting(words: readonly string[]): string[] {
  const at = words.findIndex((word) => /^[A-Za-z][\w-]*\./.test(word))
  const key = words[at] ?? ''
  const value = words[at + 1] ?? ''
  return at >= 0 && value !== '' && isGitProgram(key, value) ? [value.replace(/^!/, '')] : []
}

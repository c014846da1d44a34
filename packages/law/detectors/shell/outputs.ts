import { Buffer } from 'node:buffer'
import { gunzipSync } from 'node:zlib'
import type { Command } from './command.ts'
import { type Context, HOLE } from './machine.ts'
import { hasOption, operandsOf, optionValue, setOf } from './options.ts'
import { resolve } from './paths.ts'
import { writeFile } from './redirections.ts'
import { translate } from './translate.ts'

type Output = (words: readonly string[], input: string, context: Context) => string

const MAX_DECODED = 100_000

/** What a program writes to standard output, as far as that follows from its arguments and input; a hole otherwise. */
export function outputOf(name: string, words: readonly string[], command: Command, context: Context): string {
  noteFiles(name, words, command, context)
  if (
    SETTINGS.has(name) ||
    (name === 'brew' && words.includes('shellenv')) ||
    (name === 'minikube' && words.includes('docker-env'))
  )
    return ''
  const output = Object.hasOwn(OUTPUTS, name) ? OUTPUTS[name] : undefined
  return output ? output(words, context.input ?? HOLE, context) : HOLE
}

/** Files that programs make: copies, downloads and what `tee` passes on. */
function noteFiles(name: string, words: readonly string[], command: Command, context: Context): void {
  if (name === 'tee') {
    const append = hasOption(words, 'a', '--append')
    for (const path of operandsOf(words)) writeFile(path, context.input ?? HOLE, context.from, append, context)
  } else if (name === 'cp' || name === 'mv' || name === 'install' || name === 'ln') {
    const operands = operandsOf(words)
    const file = context.files.get(resolve(context.cwd, operands.at(-2) ?? ''))
    if (file && operands.length > 1) context.files.set(resolve(context.cwd, operands.at(-1) ?? ''), file)
  } else if (name === 'curl' || name === 'wget' || name === 'aria2c' || name === 'fetch') {
    for (const path of downloadsOf(name, words)) writeFile(path, HOLE, [command], false, context)
  }
}

/** Where a download goes when it doesn't go to standard output. */
function downloadsOf(name: string, words: readonly string[]): string[] {
  const named = optionValue(words, ...(name === 'wget' ? ['-O', '--output-document'] : ['-o', '--output', '--out']))
  if (named !== undefined && named !== '-') return [named]
  if (name === 'curl' && !hasOption(words, 'O', '--remote-name', '--remote-name-all')) return []
  if (name === 'wget' && (named === '-' || hasOption(words, '', '-qO-', '-O-'))) return []
  return operandsOf(words, setOf('-H -d -X -u -A -P -o --header'))
    .map(
      (address) =>
        address
          .replace(/[?#].*$/, '')
          .split('/')
          .at(-1) ?? '',
    )
    .filter((base) => base !== '')
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
}

/** Escapes as `echo -e` and `printf` read them. */
const unescaped = (text: string): string =>
  text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3})|(["'ntrabfve\\]))/g,
    (whole, hex?: string, unicode?: string, octal?: string, letter?: string) => {
      const code = hex ?? unicode
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255)
      return letter === undefined ? whole : (ESCAPES[letter] ?? letter)
    },
  )

/** `printf FORMAT ARGUMENT…`, used again as long as there are arguments. */
export function printf(words: readonly string[]): string {
  const [format = '', ...args] = words[0] === '--' ? words.slice(1) : words
  const text = unescaped(format)
  let output = ''
  const queue = [...args]
  do {
    const before = queue.length
    output += text.replaceAll(/%(?:%|[-+ #0]*\d*(?:\.\d+)?([a-zA-Z]))/g, (whole, kind?: string) => {
      if (kind === undefined) return whole === '%%' ? '%' : whole
      const next = queue.shift() ?? ''
      if (kind === 'b') return unescaped(next)
      if (kind === 'c') return next.slice(0, 1)
      if (kind === 's' || kind === 'd' || kind === 'i') return next
      return next.includes(HOLE) || kind === 'q' ? next : numeric(next, kind)
    })
    if (queue.length === before) break
  } while (queue.length > 0 && output.length < MAX_DECODED)
  return output
}

function numeric(text: string, kind: string): string {
  const value = /^'/.test(text) ? (text.codePointAt(1) ?? 0) : Number(text)
  if (!Number.isSafeInteger(value)) return HOLE
  if (kind === 'x' || kind === 'X') return value.toString(16)
  return kind === 'o' ? value.toString(8) : String(value)
}

const echo: Output = (words) => {
  let at = 1
  let escapes = false
  while (/^-[neE]+$/.test(words[at] ?? '')) {
    escapes ||= words[at]?.includes('e') ?? false
    at += 1
  }
  const text = words.slice(at).join(' ')
  return `${escapes ? unescaped(text) : text}\n`
}

const decodedBy = (encoding: 'base64' | 'hex', text: string): string => {
  if (text.includes(HOLE) || text.length > 2 * MAX_DECODED) return HOLE
  const compact = text.replaceAll(/\s+/g, '')
  return Buffer.from(encoding === 'hex' ? compact.replaceAll(/\\x|0x/g, '') : compact, encoding).toString('utf8')
}

/** The text that a filter reads: of its files, if they are known, or its input. */
function textOf(operands: readonly string[], input: string, context: Context): string {
  const paths = operands.filter((path) => path !== '-' && path !== '/dev/stdin')
  if (paths.length === 0) return input
  return paths.map((path) => context.files.get(resolve(context.cwd, path))?.content ?? HOLE).join('')
}

const base64: Output = (words, input, context) =>
  hasOption(words, 'd', '--decode') || hasOption(words, 'D')
    ? decodedBy('base64', textOf(operandsOf(words, setOf('-w -i')), input, context))
    : input.includes(HOLE)
      ? HOLE
      : Buffer.from(input).toString('base64')

const xxd: Output = (words, input, context) =>
  hasOption(words, 'r') ? decodedBy('hex', textOf(operandsOf(words, setOf('-c -s -l -g')), input, context)) : HOLE

const openssl: Output = (words, input) =>
  words.some((word) => word === 'base64' || word === '-base64' || word === '-a') && words.includes('-d')
    ? decodedBy('base64', input)
    : HOLE

/** A filter that drops or reorders lines; the whole is judged in place of what is left of it. */
const filter =
  (valued: string, skipped = 0): Output =>
  (words, input, context) => {
    const operands = operandsOf(words, setOf(valued)).slice(skipped)
    return operands.length === 0 ? input : textOf(operands, input, context)
  }

const gunzip: Output = (_, input) => {
  if (input.includes(HOLE)) return HOLE
  try {
    return gunzipSync(Buffer.from(input, 'latin1'), { maxOutputLength: MAX_DECODED }).toString('utf8')
  } catch {
    return HOLE
  }
}

/** Names of files below the folders that are asked for. */
const listing =
  (folders: (words: readonly string[]) => string[]): Output =>
  (words) => {
    const found = folders(words)
    return (found.length === 0 ? ['.'] : found).map((folder) => `${folder}/${HOLE}\n`).join('')
  }

const sed: Output = (words, input) => {
  const script = optionValue(words, '-e') ?? operandsOf(words)[0] ?? ''
  const found = /^s(.)([\s\S]*?)\1([\s\S]*?)\1g?$/.exec(script)
  if (!found || /[.*[\\^$]/.test(found[2] ?? '')) return HOLE
  return input.replaceAll(found[2] ?? '', () => found[3] ?? '')
}

/** Programs that print settings for a shell to evaluate. */
const SETTINGS = setOf(
  'ssh-agent direnv pyenv rbenv nodenv goenv jenv opam fnm mise rtx asdf starship dircolors conda zoxide keychain thefuck atuin luarocks micromamba volta',
)

const OUTPUTS: Readonly<Record<string, Output>> = {
  echo,
  print: echo,
  base64,
  gbase64: base64,
  xxd,
  openssl,
  sed,
  gunzip,
  zcat: gunzip,
  tr: (words, input) => translate(words, input),
  rev: (_, input) =>
    input
      .split('\n')
      .map((line) => [...line].reverse().join(''))
      .join('\n'),
  tac: (_, input) => input.split('\n').reverse().join('\n'),
  cat: filter(''),
  tee: (_, input) => input,
  head: filter('-n -c --lines --bytes'),
  tail: filter('-n -c --lines --bytes'),
  sort: filter('-k -t -o -S -T'),
  uniq: filter('-f -s -w'),
  grep: filter('-e -f -m -A -B -C', 1),
  egrep: filter('-e -f -m -A -B -C', 1),
  fold: filter('-w'),
  pwd: (_, __, context) => `${context.cwd}\n`,
  mktemp: () => `/tmp/tmp.${HOLE}\n`,
  which: (words) => `${words.at(-1) ?? ''}\n`,
  dirname: (words) => `${(words.at(-1) ?? '').replace(/\/[^/]*$/, '') || '.'}\n`,
  basename: (words) => `${(operandsOf(words)[0] ?? '').split('/').at(-1) ?? ''}\n`,
  realpath: (words) => `${words.at(-1) ?? ''}\n`,
  readlink: (words) => `${words.at(-1) ?? ''}\n`,
  git: (words) =>
    words.includes('rev-parse')
      ? words.includes('--show-toplevel')
        ? '.\n'
        : HOLE
      : words.includes('ls-files')
        ? `./${HOLE}\n`
        : HOLE,
  find: listing((words) => {
    const first = words.findIndex((word, at) => at > 0 && /^[-(!]/.test(word) && !/^-[HLPO]/.test(word))
    return words.slice(1, first < 0 ? undefined : first).filter((word) => !/^-/.test(word))
  }),
  ls: listing((words) => operandsOf(words).filter((word) => !/[*?]/.test(word))),
  fd: listing((words) => operandsOf(words, setOf('-e -t -d -E')).slice(1)),
  rg: listing((words) => operandsOf(words, setOf('-e -g -t -A -B -C')).slice(1)),
}

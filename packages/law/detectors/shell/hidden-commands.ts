import type { Held } from './environment.ts'
import { gitCommands } from './git-commands.ts'
import { type Context, HOLE, type Machine, wrapped } from './machine.ts'
import { optionValue } from './options.ts'

/** Commands that programs take in an option or in a little language of their own. Undefined when there is none. */
export function runHidden(
  name: string,
  words: readonly string[],
  context: Context,
  machine: Machine,
): string | undefined {
  const found = Object.hasOwn(HIDDEN, name) ? HIDDEN[name]?.(words) : undefined
  if (!found || found.length === 0) return undefined
  const inner = wrapped(context, name)
  for (const command of found) {
    if (typeof command === 'string') machine.runText(command, inner)
    else machine.runWords(command, inner)
  }
  // What is found and shown by the program itself stays unknown.
  return name === 'find' ? undefined : HOLE
}

/** `-exec … ;` and its kin. */
function find(words: readonly string[]): Held {
  const found: string[][] = []
  const roots = rootsOf(words)
  for (const [at, word] of words.entries()) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(word)) continue
    const end = words.findIndex((next, to) => to > at && (next === ';' || next === '+' || next === '\\;'))
    const command = words.slice(at + 1, end < 0 ? undefined : end)
    found.push(
      command.flatMap((part) =>
        roots.map((root) => part.replaceAll('{}', () => (root === '/' ? `/${HOLE}` : `${root}/${HOLE}`))),
      ),
    )
  }
  return found
}

/** The folders that `find` looks through. */
export function rootsOf(words: readonly string[]): string[] {
  const first = words.findIndex((word, at) => at > 0 && /^(?:-(?![HLPO])|[(!])/.test(word))
  const roots = words.slice(1, first < 0 ? undefined : first).filter((word) => !word.startsWith('-'))
  return roots.length === 0 ? ['.'] : roots
}

const withPrefix = (words: readonly string[], ...prefixes: readonly string[]): string[] =>
  words.flatMap((word) =>
    prefixes.filter((prefix) => word.startsWith(prefix)).map((prefix) => word.slice(prefix.length)),
  )

const tar = (words: readonly string[]): Held => [
  ...withPrefix(words, '--checkpoint-action=exec=', '--to-command=', '--use-compress-program=', '--rsh-command='),
  ...[optionValue(words, '-I')].filter((value) => value !== undefined),
]

/** `:!command` of vi and its kin. */
const vi = (words: readonly string[]): Held =>
  words.flatMap((word) => [...(/(?:^|:|\+)!+([\s\S]+)/.exec(word)?.slice(1) ?? [])])

/** `system("…")`, `"…" | getline` and `| "…"` of awk. */
const awk = (words: readonly string[]): Held =>
  words.flatMap((word) =>
    [
      ...word.matchAll(/system\(\s*"((?:[^"\\]|\\.)*)"|"((?:[^"\\]|\\.)*)"\s*\|\s*getline|\|\s*"((?:[^"\\]|\\.)*)"/g),
    ].map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replaceAll('\\"', '"')),
  )

const option =
  (...names: readonly string[]) =>
  (words: readonly string[]): Held => {
    const value = optionValue(words, ...names)
    return value === undefined ? [] : [value]
  }

const HIDDEN: Readonly<Record<string, (words: readonly string[]) => Held>> = {
  git: gitCommands,
  find,
  gfind: find,
  fd: (words) => {
    const at = words.findIndex((word) => /^(?:-x|-X|--exec|--exec-batch)$/.test(word))
    return at < 0 ? [] : [words.slice(at + 1)]
  },
  tar,
  gtar: tar,
  rsync: option('-e', '--rsh', '--rsync-path'),
  vi,
  vim: vi,
  nvim: vi,
  ex: vi,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  script: option('-c', '--command'),
  nodemon: option('--exec', '-x'),
  zip: option('-TT', '--unzip-command'),
  concurrently: (words) => words.slice(1).filter((word) => /\s/.test(word)),
  capsh: (words) => {
    const at = words.indexOf('-c')
    return at < 0 ? [] : [words[at + 1] ?? '']
  },
}

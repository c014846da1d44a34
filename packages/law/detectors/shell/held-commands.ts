import type { Command } from './command.ts'
import type { Held } from './environment.ts'
import { afterOptions, operandsOf, setOf } from './options.ts'

type Reader = (words: readonly string[], input: string) => Held

/** Every value of options with these names, as one word or two. */
const valuesOf = (words: readonly string[], ...names: readonly string[]): string[] =>
  words.flatMap((word, at) =>
    names.flatMap((name) => {
      if (word === name) return words[at + 1] ?? []
      if (name.startsWith('--')) return word.startsWith(`${name}=`) ? word.slice(name.length + 1) : []
      return name.length === 2 && word.startsWith(name) && !word.startsWith('--') ? word.slice(2) : []
    }),
  )

const inOption =
  (...names: readonly string[]): Reader =>
  (words) =>
    valuesOf(words, ...names)

/** The words that follow `--`. */
const afterDashes: Reader = (words) => {
  const at = words.indexOf('--')
  return at < 0 ? [] : [words.slice(at + 1)]
}

/** What follows one of the words, after `skipped` more. */
const afterWord =
  (names: string, skipped = 0, valued = ''): Reader =>
  (words) => {
    const named = setOf(names)
    const at = words.findIndex((word) => named.has(word))
    return at < 0 ? [] : [words.slice(afterOptions(words, setOf(valued), at + 1 + skipped))]
  }

const matches = (texts: readonly string[], pattern: RegExp): string[] =>
  texts.flatMap((text) => [...text.slice(0, 20_000).matchAll(pattern)].map((match) => match[1] ?? ''))

/** ssh_config(5). */
const SSH_COMMAND = /^(?:Proxy|Local|Remote|KnownHosts)Command[\s=]+([\s\S]+)$/i
const ssh: Reader = (words) =>
  valuesOf(words, '-o').flatMap((setting) => {
    const command = SSH_COMMAND.exec(setting)?.[1]
    return command === undefined || /^["']?none["']?$/i.test(command)
      ? []
      : command.replace(/^(["'])([\s\S]*)\1$/, '$2')
  })

/** A client in whose language a line may begin with a command for the shell. */
const client =
  (pattern: RegExp): Reader =>
  (words, input) =>
    matches([...words.slice(1), input], pattern)

const ADDRESS = String.raw`(?:\d+|\$|\/(?:[^/\\\n]|\\.){0,200}\/)`
const SED_RUNS = new RegExp(
  String.raw`(?:^|[;{\n])[ \t]{0,20}(?:${ADDRESS}(?:,${ADDRESS})?)?[ \t]{0,20}e\s{1,20}([^\n]+)`,
  'g',
)
const SED_FLAG =
  /(?:^|[;{}\n\d$/])[ \t]{0,20}s([/|#,])(?:(?!\1)[^\\\n]|\\.){0,300}\1((?:(?!\1)[^\\\n]|\\.){0,300})\1[gIipm\d]*e/g

const sed: Reader = (words) => {
  const scripts = words.slice(1).filter((word) => /\s|^s/.test(word))
  return [
    ...matches(scripts, SED_RUNS),
    ...scripts.flatMap((script) => [...script.matchAll(SED_FLAG)].map((match) => match[2] ?? '')),
  ]
}

const make: Reader = (words) => [
  ...valuesOf(words, '--eval', '-E').flatMap((rule) => /[;\n]\s{0,20}([\s\S]+)/.exec(rule)?.[1] ?? []),
  ...words.flatMap((word) => (word.startsWith('SHELL=') ? word.slice(6) : [])),
  ...matches(words, /\$\(shell\s((?:[^()]|\([^()]*\))*)\)/g),
]

const MODULES = /^(?:(?:ansible\.builtin\.)?(?:shell|command|raw|script))$/
const ansible: Reader = (words) => {
  const [module = 'command'] = valuesOf(words, '-m', '--module-name')
  return MODULES.test(module) ? valuesOf(words, '-a', '--args') : []
}

const APT_HOOK = /(?:Invoke|Hook|Install-Pkgs|Pager|RunCommand)[\w-]*(?:::)*=\s{0,20}([\s\S]+)/i
const apt: Reader = (words) => valuesOf(words, '-o').flatMap((setting) => APT_HOOK.exec(setting)?.[1] ?? [])

const TMUX_VALUED = setOf('-s -n -t -c -x -y -F -e -l -p')
const tmux: Reader = (words) => {
  const at = words.findIndex((word) =>
    /^(?:new(?:-session|-window)?|neww|split(?:-window|w)|respawn-?\w*|run(?:-shell)?|if(?:-shell)?|popup|display-popup|send(?:-keys)?)$/.test(
      word,
    ),
  )
  if (at < 0) return []
  const operands = words.slice(afterOptions(words, TMUX_VALUED, at + 1))
  return /^(?:send|if)/.test(words[at] ?? '') ? operands.filter((word) => /\s/.test(word)) : [operands.join(' ')]
}

const screen: Reader = (words) => {
  const stuffed = valuesOf(words, 'stuff')
  if (stuffed.length > 0) return stuffed
  return [words.slice(afterOptions(words, setOf('-S -c -s -t -p -h -e -T -X')))]
}

const startDaemon: Reader = (words) => {
  const [program] = valuesOf(words, '--exec', '-x', '--startas', '-a')
  const at = words.indexOf('--')
  return program === undefined ? [] : [[program, ...(at < 0 ? [] : words.slice(at + 1))]]
}

const sentences: Reader = (words) => operandsOf(words).filter((word) => /\s/.test(word))
const readsInput: Reader = (_, input) => (input === '' ? [] : [input])

const READERS: ReadonlyArray<[names: string, reader: Reader]> = [
  ['ssh autossh scp sftp mosh sshfs', ssh],
  ['scp sftp', inOption('-S')],
  [
    'psql',
    client(/(?:^|[;\n]|\\\\)[ \t]{0,20}\\(?:!|(?:o|g|w|copy\s[^\n]{0,200}program)[ \t]{0,20}\|?)[ \t]{0,20}([^\n]+)/g),
  ],
  ['mysql mariadb', client(/(?:^|[;\n])[ \t]{0,20}(?:\\!|system\s)[ \t]{0,20}([^\n]+)/gi)],
  ['sqlite3 duckdb', client(/(?:^|\n)[ \t]{0,20}\.(?:shell|system|(?:output|once)\s{1,20}\|)[ \t]{0,20}([^\n]+)/g)],
  [
    'ed red ftp sftp lftp gdb mutt mail mailx telnet',
    client(/(?:^|[;\n])[ \t]{0,20}(?:!|shell\s)[ \t]{0,20}([^\n]+)/g),
  ],
  ['expect', client(/(?:^|[;\n{])[ \t]{0,20}(?:spawn|exec|system)\s{1,20}([^\n;]+)/g)],
  ['emacs emacsclient', client(/\((?:async-)?shell-command(?:-to-string)?\s{1,20}"((?:[^"\\]|\\.)*)"/g)],
  ['rpm rpmspec rpmbuild', client(/%\(((?:[^()]|\([^()]*\))*)\)/g)],
  ['sed gsed', sed],
  ['make gmake', make],
  ['ansible', ansible],
  ['salt salt-call', afterWord('cmd.run cmd.shell cmd.run_all')],
  ['apt apt-get aptitude', apt],
  ['man', inOption('-P', '--pager', '-H', '--html')],
  ['tcpdump dumpcap', inOption('-z', '--postrotate-command')],
  ['wget', inOption('--use-askpass')],
  ['npm pnpm yarn', inOption('--script-shell', '--shell', '--viewer')],
  ['go', inOption('-exec', '-toolexec', '-vettool')],
  ['gcloud', inOption('--command')],
  ['fly flyctl', inOption('-C', '--command')],
  ['vagrant', inOption('-c', '--command')],
  ['nix-shell', inOption('--run', '--command')],
  ['nix', afterWord('-c --command')],
  ['entr', (words) => (words.includes('-s') ? words.slice(-1) : [])],
  ['at batch', readsInput],
  ['tmux byobu', tmux],
  ['screen', screen],
  ['hyperfine', sentences],
  ['start-stop-daemon daemonize', startDaemon],
  ['ip', (words) => (words.includes('netns') ? afterWord('exec', 1)(words, '') : [])],
  ['direnv', afterWord('exec', 1)],
  ['conda mamba micromamba', afterWord('run', 0, '-n -p --name --prefix --cwd')],
  [
    'op doppler aws-vault mise asdf rtx dotenv lxc incus multipass chamber envchain infisical devbox pixi heroku',
    afterDashes,
  ],
  ['adb', afterWord('shell')],
]

const BY_NAME = new Map<string, Reader[]>()
for (const [names, reader] of READERS) {
  for (const name of names.split(' ')) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), reader])
}

/** Commands in the options and the little languages of programs that do something else besides. */
export function heldByOptions({ name = '', shapes, input = '' }: Command): Held {
  const readers = BY_NAME.get(name)
  return readers ? readers.flatMap((reader) => reader(shapes, input)) : []
}

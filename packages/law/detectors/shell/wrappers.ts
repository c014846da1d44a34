import { runHidden } from './hidden-commands.ts'
import { type Context, HOLE, type Machine, wrapped } from './machine.ts'
import { afterOptions, hasOption, optionValue, setOf } from './options.ts'

/** How a program that runs another one takes it. */
interface Wrapper {
  /** Options whose value may be the next word. */
  valued?: ReadonlySet<string>
  /** Operands before the command. */
  operands?: number
  /** Sub-commands, one of which must come first, such as `exec`. */
  after?: ReadonlySet<string>
  /** The words are one text for a shell, as with `ssh`. */
  text?: boolean
  /** An option that holds a text for a shell, such as `-c`. */
  textOption?: string
}

const none = setOf('')

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: { valued: setOf('-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot') },
  doas: { valued: setOf('-u -C') },
  pkexec: { valued: setOf('--user') },
  run0: { valued: setOf('-u --user -g -D') },
  env: { valued: setOf('-u -C --unset --chdir') },
  command: {},
  builtin: {},
  exec: { valued: setOf('-a') },
  nohup: {},
  setsid: {},
  nice: { valued: setOf('-n --adjustment') },
  ionice: { valued: setOf('-c -n -p -t') },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  timeout: { valued: setOf('-s -k --signal --kill-after'), operands: 1 },
  gtimeout: { valued: setOf('-s -k'), operands: 1 },
  time: { valued: setOf('-f -o') },
  stdbuf: { valued: setOf('-i -o -e') },
  unbuffer: {},
  busybox: {},
  toybox: {},
  catchsegv: {},
  chroot: { operands: 1 },
  unshare: { valued: setOf('-S -G -R -w') },
  nsenter: { valued: setOf('-t -S -G -w') },
  bwrap: { valued: none },
  firejail: {},
  flock: { valued: setOf('-w -E'), operands: 1, textOption: '-c' },
  strace: { valued: setOf('-e -o -p -s -u -E -P -a') },
  ltrace: { valued: setOf('-e -o -p -s -u') },
  proxychains: { valued: setOf('-f') },
  proxychains4: { valued: setOf('-f') },
  torsocks: {},
  torify: {},
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  setpriv: { valued: setOf('--reuid --regid') },
  runuser: { valued: setOf('-u -g -s'), textOption: '-c' },
  'systemd-run': { valued: setOf('-p -u -M -H -t --unit --on-calendar --on-active') },
  'dumb-init': {},
  tini: {},
  faketime: { operands: 1 },
  watch: { valued: setOf('-n --interval'), text: true },
  parallel: { valued: setOf('-j -n -N -S -I --jobs --colsep'), text: true },
  ssh: { valued: setOf('-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B'), operands: 1, text: true },
  sshpass: { valued: setOf('-p -f -e') },
  mosh: { operands: 1 },
  npx: { valued: setOf('-p --package'), textOption: '-c' },
  bunx: {},
  pnpx: {},
  uvx: {},
  npm: { after: setOf('exec x'), textOption: '-c' },
  pnpm: { after: setOf('exec dlx') },
  yarn: { after: setOf('exec dlx') },
  poetry: { after: setOf('run') },
  uv: { after: setOf('run') },
  pipenv: { after: setOf('run') },
  bundle: { after: setOf('exec') },
  docker: { after: setOf('exec run') },
  podman: { after: setOf('exec run') },
  'docker-compose': { after: setOf('exec run') },
  kubectl: { after: setOf('exec') },
  oc: { after: setOf('exec') },
  'dbus-run-session': {},
  caffeinate: { valued: setOf('-t -w') },
  entr: {},
  'cross-env': {},
  'xvfb-run': { valued: setOf('-s -n -e -f -p -w') },
  fakeroot: { valued: setOf('-l -s -i') },
  proot: { valued: setOf('-r -b -w -q') },
  eatmydata: {},
  rlwrap: {},
  valgrind: {},
  numactl: {},
  setarch: { operands: 1 },
  linux64: {},
  prlimit: {},
  choom: { valued: setOf('-n') },
  chpst: { valued: setOf('-u -U -e -b -m -d -o -p -f -c') },
}

const CONTAINER_VALUED = setOf(
  '-e -v -w -u -p -h -l -m -n -c -f --env --volume --workdir --user --name --network --net --entrypoint --mount --publish --hostname --memory --cpus --label --env-file --platform --pid --ipc --device --cap-add --cap-drop --security-opt --add-host --namespace --container --context --index --file --userns --tmpfs --ulimit',
)
const CONTAINERS = setOf('docker podman docker-compose kubectl oc')
const DOUBLE_DASH = setOf('kubectl oc')

/** Runs what a program such as `sudo`, `env` or `xargs` runs. Undefined when it runs nothing else. */
export function runWrapped(
  name: string,
  words: readonly string[],
  context: Context,
  machine: Machine,
): string | undefined {
  if (name === 'xargs') return xargs(words, context, machine)
  if (name === 'su') return su(words, context, machine)
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined
  if (!wrapper) return runHidden(name, words, context, machine)
  if (name === 'command' && /^-[vV]/.test(words[1] ?? '')) return `${words.at(-1)}\n`
  const inner = wrapped(context, name)
  const text = wrapper.textOption && optionValue(words, wrapper.textOption)
  if (text) return machine.runText(text, inner)
  if (CONTAINERS.has(name)) return container(name, words, inner, machine)
  const start = wrapper.after ? words.findIndex((word) => wrapper.after?.has(word)) + 1 : 1
  if (start === 0) return undefined
  if (name === 'env' && hasOption(words, 'S', '--split-string')) return envString(words, inner, machine)
  const first = afterOptions(words, wrapper.valued ?? none, start) + (wrapper.operands ?? 0)
  const rest = assigned(words.slice(first), inner)
  if (rest.length === 0) return undefined
  const output = wrapper.text ? machine.runText(rest.join(' '), inner) : machine.runWords(rest, inner)
  if (name === 'command' || name === 'builtin') context.cwd = inner.cwd
  return output
}

/** Takes the assignments away that precede a command, as with `env A=b program`. */
function assigned(words: readonly string[], context: Context): readonly string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  for (const word of first < 0 ? words : words.slice(0, first)) {
    const at = word.indexOf('=')
    context.variables.set(word.slice(0, at), [word.slice(at + 1)])
  }
  return first < 0 ? [] : words.slice(first)
}

function envString(words: readonly string[], context: Context, machine: Machine): string {
  const at = words.findIndex((word) => /^(?:-\w*S|--split-string)/.test(word))
  const attached = words[at]?.replace(/^(?:-\w*?S|--split-string=?)/, '') ?? ''
  return machine.runText([attached, ...words.slice(at + 1)].join(' '), context)
}

function container(name: string, words: readonly string[], context: Context, machine: Machine): string | undefined {
  const at = words.findIndex((word) => word === 'exec' || word === 'run')
  if (at < 0) return undefined
  const dashes = words.indexOf('--')
  if (DOUBLE_DASH.has(name) || dashes > 0) {
    return dashes > 0 ? machine.runWords(words.slice(dashes + 1), inside(context)) : undefined
  }
  const image = afterOptions(words, CONTAINER_VALUED, at + 1)
  const entry = optionValue(words.slice(0, image), '--entrypoint')
  const rest = [...(entry === undefined ? [] : [entry]), ...words.slice(image + 1)]
  return rest.length === 0 ? undefined : machine.runWords(rest, inside(context))
}

/** A container has a file system of its own, in which its working folder is what `.` means. */
const inside = (context: Context): Context => ({ ...context, cwd: '.' })

function su(words: readonly string[], context: Context, machine: Machine): string {
  const text = optionValue(words, '-c', '--command')
  return text === undefined ? HOLE : machine.runText(text, wrapped(context, 'su'))
}

const XARGS_VALUED = setOf('-n -P -I -L -d -s -E -a --max-args --max-procs --delimiter --arg-file --replace')
const MAX_ARGUMENTS = 64

function xargs(words: readonly string[], context: Context, machine: Machine): string {
  const first = afterOptions(words, XARGS_VALUED)
  const command = first < words.length ? words.slice(first) : ['echo']
  const inner = wrapped(context, 'xargs', { input: undefined, from: context.from })
  const input = context.input ?? HOLE
  const mark = optionValue(words, '-I', '--replace') ?? (words.includes('-i') ? '{}' : undefined)
  if (mark !== undefined) {
    const lines = input.split(/[\n\0]+/).filter((line) => line.trim() !== '')
    // Only a hole between separators is an item; a hole in an item stays one.
    const items = input.includes(HOLE) ? input.split('\n').filter((line) => line !== '') : lines
    return items
      .slice(0, MAX_ARGUMENTS)
      .map((item) =>
        machine.runWords(
          command.map((word) => word.replaceAll(mark, () => item)),
          inner,
        ),
      )
      .join('')
  }
  const items = input.split(hasOption(words, '0', '--null', '--delimiter') ? '\n' : /\s+/).filter((item) => item !== '')
  const shown = items.length > MAX_ARGUMENTS ? [...items.slice(0, MAX_ARGUMENTS), HOLE] : items
  return machine.runWords([...command, ...shown.map((item) => item.replace(/^(['"])(.*)\1$/, '$2'))], inner)
}

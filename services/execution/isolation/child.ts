import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { AzoraError } from '@azora/base'
import type { Exit, Sandboxed } from './port.ts'
import { treeOf } from './watch/proc.ts'

const GATE_FD = 4
/** Bubblewrap reads its arguments here: those of a command line are for everybody on the machine to see. */
const ARGUMENTS_FD = 5
/** The first file descriptor that is free to be passed on to bubblewrap. */
export const FIRST_FREE_FD = ARGUMENTS_FD + 1

/**
 * What the command is started by. Bubblewrap arranges that its processes end with their parents while it starts them;
 * until then, nothing would end them. So the first process inside waits at a gate, which opens only if we still live and
 * still want it: a command never runs that nobody could end.
 */
const gate = (before: string) => [
  '/bin/sh',
  '-c',
  `${before} echo >&${GATE_FD}; read -r _ <&${GATE_FD} && exec "$@" ${GATE_FD}>&-`,
  'sh',
]

/** A command, and the arguments of the programs that put it where it is kept. */
export interface Walled {
  /** Of prlimit. */
  rlimits: readonly string[]
  /** Of bubblewrap. */
  walls: readonly string[]
  argv: readonly string[]
  /** What it gets as file descriptors from {@link FIRST_FREE_FD} on. */
  cover: ReadonlyArray<number | 'ignore'>
  /** Processes and threads inside, where no cgroup counts them. */
  processesMax?: number
}

/** What is to be done with the processes before the command runs, and after they ended. */
export interface Care {
  /** Called when all processes of the start are there and wait; throws if the command must not run. */
  begin(processes: { root: number; inside: number; all: readonly number[] }): void
  usage(): Exit['usage']
  /** Called when they are gone; what it answers becomes part of the exit. */
  end(exit: Exit): Exit
}

export function startWalled({ rlimits, walls, argv, cover, processesMax }: Walled, care: Care): Sandboxed {
  // dash and bash have different letters for it.
  const before = processesMax ? `ulimit -u ${processesMax} 2>/dev/null || ulimit -p ${processesMax} || exit 1;` : ''
  const child = spawn(
    'prlimit',
    [...rlimits, '--', 'bwrap', '--args', String(ARGUMENTS_FD), '--', ...gate(before), ...argv],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...cover],
      env: { PATH: process.env.PATH },
    },
  )
  const [stdin, stdout, stderr, result, gateway, settings] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Readable,
    Socket,
    Writable,
  ]
  // A process that ends without reading its input is no error of ours.
  for (const stream of [stdin, settings]) stream.on('error', () => undefined)
  settings.end(walls.map((argument) => `${argument}\0`).join(''))
  const { kill, exited } = guard(child, gateway, care)
  return { stdin, stdout, stderr, result, usage: () => care.usage(), kill, exited }
}

/** Opens the gate when it is reached, and ends the tree: by a gate that stays shut, and later by a kill. */
function guard(child: ChildProcess, gateway: Socket, care: Care): Pick<Sandboxed, 'kill' | 'exited'> {
  let state: 'starting' | 'running' | 'unwanted' = 'starting'
  let first: number | undefined
  let flaw: unknown
  gateway.on('error', () => undefined)
  gateway.once('data', () => {
    if (state === 'unwanted') return
    try {
      const all = treeOf(child.pid ?? 0)
      const [root, inside] = all
      if (root === undefined || inside === undefined) throw unseen()
      care.begin({ root, inside, all })
      first = inside
      state = 'running'
      gateway.end('\n')
    } catch (thrown) {
      flaw = thrown
      refuse()
    }
  })
  const refuse = (): void => {
    state = 'unwanted'
    gateway.end()
  }
  const exited = whenGone(child).then((exit) => {
    const ended = care.end(exit)
    if (flaw !== undefined) throw flaw
    return ended
  })
  // Whoever never waits for the end must not bring the process down by it.
  exited.catch(() => undefined)
  return { exited, kill: () => (first === undefined ? refuse() : killTree(child, first)) }
}

/**
 * Kills the first process of the PID namespace. With it the kernel ends all others, and bubblewrap, its parent, outlives
 * them: when it ends, they are gone.
 */
function killTree(child: ChildProcess, first: number): void {
  if (child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(first, 'SIGKILL')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

function whenGone(child: ChildProcess): Promise<Exit> {
  return new Promise<Exit>((resolve, reject) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
}

const unseen = (): AzoraError =>
  new AzoraError('fix', 'isolation_unavailable', 'the processes of a sandbox can not be seen in /proc', {
    remedy: 'Mount /proc, of a kernel with CONFIG_PROC_CHILDREN.',
  })

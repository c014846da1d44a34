import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { Exit, Sandboxed } from './port.ts'

const GATE_FD = 4
/** The first file descriptor that a sandboxed command has no use for; bubblewrap may. */
export const FIRST_UNUSED_FD = GATE_FD + 1

/**
 * What the command is started by. Bubblewrap arranges that its processes end with their parents while it starts them;
 * until then, nothing would end them. So the first process inside waits at a gate, which opens only if we still live and
 * still want it: a command never runs that nobody could end.
 */
const GATE = ['/bin/sh', '-c', `echo >&${GATE_FD}; read -r _ <&${GATE_FD} && exec "$@" ${GATE_FD}>&-`, 'sh']

/**
 * Starts a command in the sandbox that `walls`, the arguments of bubblewrap, describe.
 *
 * @param cover what it gets as file descriptors from {@link FIRST_UNUSED_FD} on
 */
export function startWalled(
  limits: readonly string[],
  walls: readonly string[],
  argv: readonly string[],
  cover: ReadonlyArray<number | 'ignore'>,
): Sandboxed {
  const child = spawn('prlimit', [...limits, '--', 'bwrap', ...walls, '--', ...GATE, ...argv], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...cover],
    env: { PATH: process.env.PATH },
  })
  const [stdin, stdout, stderr, result, gate] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Readable,
    Socket,
  ]
  // A process that ends without reading its input is no error of ours.
  stdin.on('error', () => undefined)
  return { stdin, stdout, stderr, result, kill: guard(child, gate), exited: whenGone(child) }
}

/** Opens the gate when it is reached; answers what ends the tree: a gate that stays shut, and later a kill. */
function guard(child: ChildProcess, gate: Socket): () => void {
  let state: 'starting' | 'running' | 'unwanted' = 'starting'
  gate.on('error', () => undefined)
  gate.once('data', () => {
    if (state === 'unwanted') return
    state = 'running'
    gate.end('\n')
  })
  return () => {
    if (state === 'running') killTree(child)
    else {
      state = 'unwanted'
      gate.end()
    }
  }
}

/**
 * Kills the first process of the PID namespace. With it the kernel ends all others, and bubblewrap, its parent, outlives
 * them: when it ends, they are gone.
 */
function killTree(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return
  const first = childOf(child.pid)
  try {
    if (first === undefined) child.kill('SIGKILL')
    else process.kill(first, 'SIGKILL')
  } catch (thrown) {
    if (errorCode(thrown) !== 'ESRCH') throw thrown
  }
}

/** The only child of a process; undefined where the kernel doesn't tell, or when it is gone. */
function childOf(pid: number | undefined): number | undefined {
  try {
    return Number(/^\d+/.exec(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))?.[0]) || undefined
  } catch (thrown) {
    if (errorCode(thrown) === undefined) throw thrown
    return undefined
  }
}

const errorCode = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException).code

function whenGone(child: ChildProcess): Promise<Exit> {
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  // Whoever never waits for the end must not bring the process down by it.
  exited.catch(() => undefined)
  return exited
}

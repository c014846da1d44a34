import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLines } from '@azora/base'
import { ROOT } from './cli.ts'

// Each process that is started adds a listener that ends it with the test.
process.setMaxListeners(0)

/** Numbers that are the same each time for one seed (mulberry32). */
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number
  chance(share: number): boolean
  pick<T>(items: readonly T[]): T
}

export function dice(seed: number): Dice {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { int, chance: (share) => next() < share, pick: (items) => items[int(items.length)] as (typeof items)[number] }
}

/** Seeds 1 to `count` in groups; `AZORA_CRASH_SEED=17` replays the group of that one alone. */
export function seedGroups(count: number, size: number): number[][] {
  const groups: number[][] = []
  for (let first = 1; first <= count; first += size)
    groups.push(Array.from({ length: Math.min(size, count - first + 1) }, (_, at) => first + at))
  const only = Number(process.env.AZORA_CRASH_SEED)
  return only ? groups.filter((group) => group.includes(only)) : groups
}

/** A process that waits for its task, says lines of JSON, and is ended by SIGKILL. */
export interface Mortal<Line> {
  /** Tells it to begin. */
  go(task: object): void
  /** Resolves with the line that the test accepts; rejects when the process ends before. */
  says(accept: (line: Line) => boolean): Promise<Line>
  /** Resolves when it is gone and everything that it said was heard. */
  kill(): Promise<void>
  /** Everything that it said so far. */
  readonly said: readonly Line[]
}

/** Where the children keep what compiling their modules gave, as each of them lives for a moment only. */
const COMPILE_CACHE = join(tmpdir(), 'azora-crash-compile-cache')

/**
 * Starts a program below tests/support ahead of its use: it loads while another one still works. Programs read one line
 * of JSON, their task, from standard input.
 */
export function startMortal<Line>(program: string): Mortal<Line> {
  const child = spawn(process.execPath, [join(ROOT, 'tests/support', program)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  })
  const said: Line[] = []
  process.once('exit', () => child.kill('SIGKILL'))
  const listeners = new Set<() => void>()
  let over = false
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  child.stdin.on('error', () => undefined)
  readLines(child.stdout, 1_000_000, (line) => {
    said.push(JSON.parse(line))
    for (const listener of listeners) listener()
  })
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      over = true
      for (const listener of listeners) listener()
      resolve()
    })
  })
  return {
    said,
    go: (task) => void child.stdin.write(`${JSON.stringify(task)}\n`),
    says: (accept) =>
      new Promise((resolve, reject) => {
        let heard = 0
        const look = (): void => {
          const found = said.slice(heard).find(accept)
          heard = said.length
          if (found === undefined && !over) return
          listeners.delete(look)
          if (found === undefined) reject(new Error(`the process ended too early: ${complaint}`))
          else resolve(found)
        }
        listeners.add(look)
        look()
      }),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** For the programs: their task. */
export function task<Task>(): Promise<Task> {
  return new Promise((resolve, reject) => {
    readLines(process.stdin, 1_000_000, (line) => resolve(JSON.parse(line)), reject)
  })
}

/** For the programs: says a line. Writing to a pipe is synchronous on Linux, so what was said was said before a kill. */
export const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

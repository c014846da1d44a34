import { parseStrictJson, readLines } from '@azora/base'
import { z } from 'zod'
import type { Exit, Isolation, Sandboxed } from '../isolation/port.ts'
import { createPace, type Pace } from './pace.ts'
import type { Job } from './port.ts'

/** What a process with an engine says of one action. */
const Answer = z.object({ result: z.unknown(), log: z.string(), spent: z.boolean() })
export type Answer = z.infer<typeof Answer>

/** Beside the engine's own memory, for the process that it is in. */
const HOST_BYTES = 268_435_456
/** Of all actions that a process performs. */
const HOST_CPU_MS = 3_600_000
const ANSWER_MARGIN_BYTES = 262_144

/** A sandboxed process in which an engine holds one skill's code, for one tenant. */
export interface PureProcess {
  readonly key: string
  /** Resolves when the code is loaded. */
  readonly ready: Promise<void>
  readonly exited: Promise<Exit>
  readonly pace: Pace
  /** One is performed after the other. Undefined when the process ends instead, or says what is no answer. */
  ask(job: Job): Promise<Answer | undefined>
  kill(): void
}

/** What has to be the same for two actions to be performed by one process. */
export const keyOf = ({ tenant, code, entrypoint, limits }: Job): string =>
  JSON.stringify([tenant, code, entrypoint, limits])

export function startPureProcess(isolation: Isolation, runner: string, job: Job): PureProcess {
  const { cpuMs, memoryBytes, outputBytes, wallMs: _wallMs, ...limits } = job.limits
  const sandbox: Sandboxed = isolation.launch({
    argv: [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      runner,
      job.entrypoint,
      JSON.stringify({ cpuMs, memoryBytes, outputBytes }),
    ],
    ...(job.codeFolder !== undefined && { codeFolder: job.codeFolder }),
    limits: { ...limits, cpuMs: HOST_CPU_MS, memoryBytes: memoryBytes + HOST_BYTES },
  })
  let asked: ((answer: Answer | undefined) => void)[] = []
  const endAll = (): void => {
    for (const settle of asked) settle(undefined)
    asked = []
  }
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>()
  const hear = (line: string): void => {
    if (line === '') onReady()
    else asked.shift()?.(answerIn(line))
  }
  const write = createWriting((text) => sandbox.stdin.write(text))
  sandbox.stdout.resume()
  sandbox.stderr.resume()
  readLines(sandbox.result, outputBytes + ANSWER_MARGIN_BYTES, hear, () => undefined)
  sandbox.exited.then(endAll, endAll)
  return {
    key: keyOf(job),
    ready,
    exited: sandbox.exited,
    pace: createPace(),
    ask: ({ invocation }) =>
      new Promise((resolve) => {
        asked.push(resolve)
        write(`${JSON.stringify(invocation)}\n`)
      }),
    kill: () => sandbox.kill(),
  }
}

/** What is written in one turn of the loop leaves together, and wakes the reader once. */
function createWriting(write: (text: string) => void): (text: string) => void {
  let texts: string[] = []
  const flush = (): void => {
    write(texts.join(''))
    texts = []
  }
  return (text) => {
    if (texts.push(text) === 1) setImmediate(flush)
  }
}

function answerIn(line: string): Answer | undefined {
  try {
    return Answer.safeParse(parseStrictJson(line)).data
  } catch {
    return undefined
  }
}

import { limitsOf } from '@azora/contracts'
import { expect, it } from 'vitest'
import type { Exit } from '../isolation/port.ts'
import type { EnginePool } from './engine-pool.ts'
import { createLane, type Told } from './lane.ts'
import type { Job } from './port.ts'
import type { Answer, PureProcess } from './pure-process.ts'

const never = new AbortController().signal

const jobOf = (name: string, wallMs = 20_000): Job => ({
  ...{ entrypoint: '/skill.ts', code: 'c', tenant: 'default', shown: {} },
  invocation: { input: { name }, context: { runId: 'r', stepId: 's', idempotencyKey: 'k', workspace: '/workspace' } },
  limits: limitsOf({ wallMs }),
})

/** A process that answers when it is told to, the first that it was asked first. */
class Played implements PureProcess {
  readonly key = 'key'
  readonly asked: string[] = []
  usualMs = Number.POSITIVE_INFINITY
  readonly pace = { note: () => undefined, usualMs: () => this.usualMs }
  killed = false
  private readonly waiting: ((answer: Answer | undefined) => void)[] = []
  private readonly exit = Promise.withResolvers<Exit>()
  readonly exited = this.exit.promise
  readonly ready: Promise<void>

  constructor(ready = Promise.resolve()) {
    this.ready = ready
  }

  ask({ invocation }: Job): Promise<Answer | undefined> {
    this.asked.push(String(invocation.input.name))
    return new Promise((resolve) => this.waiting.push(resolve))
  }
  async answer(answer: Partial<Answer> = {}): Promise<void> {
    this.waiting.shift()?.({ result: { ok: true, output: 1 }, log: '', spent: false, ...answer })
    await new Promise(setImmediate)
  }
  kill(): void {
    this.killed = true
    this.end({ code: null, signal: 'SIGKILL' })
  }
  end(exit: Exit): void {
    for (const resolve of this.waiting.splice(0)) resolve(undefined)
    this.exit.resolve(exit)
  }
}

function open(ready?: Promise<void>) {
  const started: Played[] = []
  const idle: PureProcess[] = []
  let isEmpty = false
  const pool: EnginePool = {
    take() {
      const pure = idle.pop() ?? new Played(ready)
      if (!started.includes(pure as Played)) started.push(pure as Played)
      return pure
    },
    putAway: (pure) => void idle.push(pure),
    close: () => undefined,
  }
  const lane = createLane(pool, () => {
    isEmpty = true
  })
  const ended: Record<string, string> = {}
  const perform = (name: string, signal = never, wallMs?: number): void => {
    lane.perform(jobOf(name, wallMs), signal).then((told) => {
      ended[name] = wordOf(told)
    })
  }
  return { started, idle, ended, perform, isEmpty: () => isEmpty }
}

const wordOf = (told: Told): string => {
  if ('answer' in told) return 'answered'
  return 'error' in told.conclusion ? told.conclusion.error.code : 'concluded'
}
const soon = () => new Promise(setImmediate)
const names = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at))

async function answerAll(started: readonly Played[], rounds = 40): Promise<void> {
  for (let round = 0; round < rounds; round += 1) for (const pure of started) await pure.answer()
}

it('spreads actions over processes, a few in each, and gives the others as there is room', async () => {
  const { started, idle, ended, perform, isEmpty } = open()
  for (const name of names(40)) perform(name)
  const processes = started.length
  expect(started.every(({ asked }) => asked.length === 4)).toBe(true)
  await started[0]?.answer()
  expect(started[0]?.asked.length).toBe(5)
  await answerAll(started)
  expect(started.length).toBe(processes)
  expect(Object.values(ended)).toEqual(Array(40).fill('answered'))
  expect(started.flatMap(({ asked }) => asked).sort()).toEqual(names(40).sort())
  expect(idle.length).toBe(processes)
  expect(isEmpty()).toBe(true)
})

it('lets actions that take no time wait for one another', async () => {
  const { started, perform } = open()
  perform('first')
  const [first] = started
  if (first) first.usualMs = 0.1
  for (const name of names(7)) perform(name)
  expect(started.map(({ asked }) => asked.length)).toEqual([8])
  perform('one more')
  expect(started.map(({ asked }) => asked.length)).toEqual([8, 1])
  if (first) first.usualMs = 50
  await first?.answer()
  perform('another')
  expect(started.map(({ asked }) => asked.length)).toEqual([8, 2])
})

it('begins others again when one is cancelled, wherever it stands', async () => {
  for (const at of [0, 1, 3, 39]) {
    const { started, ended, perform } = open()
    const cancel = new AbortController()
    for (const name of names(40)) perform(name, name === String(at) ? cancel.signal : never)
    const holders = started.filter(({ asked }) => asked.includes(String(at)))
    cancel.abort()
    await soon()
    expect(ended[at]).toBe('cancelled')
    await answerAll(started)
    await answerAll(started)
    const { [at]: _cancelled, ...others } = ended
    expect(Object.values(others)).toEqual(Array(39).fill('answered'))
    expect(started.filter(({ killed }) => killed)).toEqual(holders)
  }
})

it('ends the first of a process at its wall time, and begins the others again', async () => {
  const { started, ended, perform } = open()
  perform('slow', never, 100)
  for (const name of names(8)) perform(name)
  await expect.poll(() => ended.slow).toBe('limit_wall')
  await answerAll(started)
  expect(names(8).map((name) => ended[name])).toEqual(Array(8).fill('answered'))
})

it('begins to count when the code is loaded', async () => {
  const loaded = Promise.withResolvers<void>()
  const { ended, perform } = open(loaded.promise)
  perform('slow', never, 100)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(ended).toEqual({})
  loaded.resolve()
  await expect.poll(() => ended.slow).toBe('limit_wall')
})

it('takes the end of a process for that of its first action', async () => {
  const { started, ended, perform } = open()
  for (const name of names(12)) perform(name)
  const first = started[0]?.asked[0] as string
  started[0]?.end({ code: 1, signal: null })
  await soon()
  await answerAll(started)
  await answerAll(started)
  expect(ended[first]).not.toBe('answered')
  expect(Object.values(ended).filter((word) => word === 'answered').length).toBe(11)
})

it('goes on in another process when one is spent', async () => {
  const { started, idle, ended, perform } = open()
  for (const name of names(8)) perform(name)
  const [spent] = started
  await spent?.answer({ spent: true })
  expect(spent?.killed).toBe(true)
  await soon()
  await answerAll(started)
  expect(Object.values(ended)).toEqual(Array(8).fill('answered'))
  expect(idle).not.toContain(spent)
})

it('cancels what is told to stop while its process ends for the sake of another', async () => {
  const { started, ended, perform } = open()
  const [first, second] = [new AbortController(), new AbortController()]
  for (const name of names(12)) perform(name, name === '0' ? first.signal : name === '4' ? second.signal : never)
  first.abort()
  second.abort()
  await soon()
  await answerAll(started)
  await answerAll(started)
  expect([ended[0], ended[4]]).toEqual(['cancelled', 'cancelled'])
  expect(Object.values(ended).filter((word) => word === 'answered').length).toBe(10)
})

it('begins nothing for what was told to stop before', async () => {
  const { started, ended, perform } = open()
  perform('late', AbortSignal.abort())
  await soon()
  expect(ended.late).toBe('cancelled')
  expect(started).toEqual([])
})

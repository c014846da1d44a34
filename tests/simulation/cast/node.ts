import { silentLog } from '@azora/base'
import type { Outcome, PerformRequest } from '@azora/contracts'
import { createPermitCheck, createSession, createSpentProofs } from '@azora/execution'
import { createKeyTrust, digestOf, type Verifier } from '@azora/proof'
import type { WebSocket } from 'ws'
import { createClock, type MachineClock } from '../engine/clock.ts'
import type { Arranged, Loop, Machine } from '../engine/loop.ts'
import type { Random } from '../engine/random.ts'
import type { Performance, World } from './world.ts'

export interface NodeDeps {
  loop: Loop
  random: Random
  world: World
  verifier: Verifier
  /** Asked before each answer. */
  answering: () => 'once' | 'twice' | 'never'
}

/** One life of an execution node: the real session with its check of proofs, before a sandbox that is simulated. */
export interface NodeLife {
  readonly machine: Machine
  readonly clock: MachineClock
  /** Takes over a connection to the control plane. Calls back when it has ended, with all that it did. */
  serve(socket: WebSocket, onEnd: () => void): void
}

const WALL_MS_MAX = 60_000
const CAPACITY = 3

export function startNode(deps: NodeDeps, name: string, life: number): NodeLife {
  const { loop, verifier } = deps
  const machine = loop.machine(`${name}#${life}`)
  const clock = createClock(loop, machine)
  const instance = `instance-${life}`
  const journal = createKeyTrust(verifier)
  const audience = `${name}/${instance}`
  const self = {
    permit: createPermitCheck({ journal, spent: createSpentProofs(1_000), clock, audience }),
    journal,
    isolation: { describe: () => 'simulated' },
    node: name,
    instance,
    shard: 'main',
    capacity: CAPACITY,
    version: '0.1.0',
    clock,
    log: silentLog,
  }
  return {
    machine,
    clock,
    serve(socket, onEnd) {
      const underWay = new Set<Performance>()
      const session = createSession(
        { ...self, carryOut: (request, signal) => carryOut(deps, machine, request, signal, underWay) },
        answeringAs(socket, deps.answering),
      )
      socket.once('close', () => {
        for (const performance of underWay) performance.lostMs ??= loop.nowMs
        void session.end().then(onEnd)
      })
      session.begin()
    },
  }
}

/** A connection that loses or repeats outcomes. */
function answeringAs(socket: WebSocket, answering: NodeDeps['answering']): WebSocket {
  const send = socket.send.bind(socket)
  socket.send = (text: string): void => {
    const answers = text.startsWith('{"type":"outcome"') ? answering() : 'once'
    if (answers === 'never') socket.terminate()
    else send(text)
    if (answers === 'twice') send(text)
  }
  return socket
}

/** A cancelled action is gone within a second; until then it may still have its effect. */
export const CANCEL_MS_MAX = 1_000

/** The sandbox: at some moment of its time the action has its effect. */
function carryOut(
  { loop, random, world }: NodeDeps,
  machine: Machine,
  request: PerformRequest,
  signal: AbortSignal,
  underWay: Set<Performance>,
): Promise<Outcome> {
  const performance = world.begin(request, machine, loop.nowMs)
  underWay.add(performance)
  const { action } = request
  const limited = Number(action.input.ms) > WALL_MS_MAX
  const lastsMs = Math.min(Number(action.input.ms), WALL_MS_MAX)
  const failure = limited ? 'limit_wall' : failureOf(request, world)
  return new Promise((resolve) => {
    const arranged: Arranged[] = []
    const later = (ms: number, what: string, work: () => void): void =>
      void arranged.push(loop.after(ms, machine, `${what} ${action.stepId}`, work))
    const end = (state: Outcome['state'], code?: string): void => {
      for (const { cancel } of arranged) cancel()
      underWay.delete(performance)
      world.end(performance)
      resolve(outcomeOf(machine, request, state, code))
    }
    if (!failure) later(lastsMs * random.next(), 'effect of', () => world.happen(performance))
    later(lastsMs, 'end of', () => (failure ? end('failed', failure) : end('succeeded')))
    const cancel = (): void => later(random.int(CANCEL_MS_MAX), 'cancel of', () => end('cancelled', 'cancelled'))
    signal.addEventListener('abort', cancel, { once: true })
  })
}

/** What fails does so each time, or the first few times. */
function failureOf({ action: { runId, stepId, input } }: PerformRequest, { performances }: World): string | undefined {
  if (input.how === 'fail') return 'failed'
  const times = performances.filter(({ request: { action } }) => action.runId === runId && action.stepId === stepId)
  return times.length <= Number(input.fails ?? 0) ? String(input.how) : undefined
}

function outcomeOf(machine: Machine, { action }: PerformRequest, state: Outcome['state'], code?: string): Outcome {
  const common = { durationMs: 1, log: '', node: machine.name.split('#')[0] ?? '', isolation: 'simulated' }
  if (code) return { ...common, state, error: { code, message: code } }
  const output = { done: action.stepId }
  return { ...common, state, output, outputDigest: digestOf(output) }
}

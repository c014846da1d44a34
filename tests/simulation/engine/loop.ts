import TinyQueue from 'tinyqueue'
import { Flaw, takeFlaw } from '../invariants/flaw.ts'

/** One life of a process: what was arranged for it happens only while it lives. */
export interface Machine {
  readonly name: string
  readonly alive: boolean
  /** It does nothing before this time; what should have happened happens then, in order. */
  readonly frozenUntilMs: number
  /** Never shortens what was said before. */
  freezeUntil(atMs: number): void
  /** How far its clock is off. */
  skewMs: number
  kill(): void
  /** Called once, when it is killed. */
  onDeath(work: () => void): void
}

export interface Arranged {
  cancel(): void
}

/** The one loop in which everything happens: one event at a time, and all that follows from it before the next one. */
export interface Loop {
  /** Milliseconds since the beginning, which nobody's clock can change. */
  readonly nowMs: number
  /** Whose event is being handled. */
  readonly current: Machine | undefined
  readonly events: number
  machine(name: string): Machine
  after(ms: number, machine: Machine | undefined, name: string, work: () => void): Arranged
  /** Runs until the test says so, nothing is left, or the time is over. */
  run(untilMs: number, done?: () => boolean): Promise<void>
  /** Called with each event that is handled. */
  trace: (event: string) => void
}

/** A seed has about a thousand. */
const EVENTS_MAX = 60_000

interface Event {
  atMs: number
  /** When it should have happened, had its machine not been frozen. */
  dueMs: number
  order: number
  machine: Machine | undefined
  name: string
  work: (() => void) | undefined
}

/** @param drain resolves when no promise has anything left to do */
export function createLoop(drain: () => Promise<void>): Loop {
  const queue = new TinyQueue<Event>([], (a, b) => a.atMs - b.atMs || a.dueMs - b.dueMs || a.order - b.order)
  let nowMs = 0
  let order = 0
  let events = 0
  let current: Machine | undefined

  /** True when there was something to do now. */
  function handle(event: Event): boolean {
    const { machine, work, name } = event
    if (!work || machine?.alive === false) return false
    if (machine && machine.frozenUntilMs > nowMs) {
      event.atMs = machine.frozenUntilMs
      queue.push(event)
      return false
    }
    current = machine
    events += 1
    loop.trace(`${nowMs} ${machine?.name ?? '-'} ${name}`)
    work()
    return true
  }

  const loop: Loop = {
    get nowMs() {
      return nowMs
    },
    get current() {
      return current
    },
    get events() {
      return events
    },
    machine: createMachine,
    after(ms, machine, name, work) {
      const atMs = nowMs + Math.max(0, Math.round(ms))
      const event: Event = { atMs, dueMs: atMs, order, machine, name, work }
      order += 1
      queue.push(event)
      return {
        cancel() {
          event.work = undefined
        },
      }
    },
    async run(untilMs, done = () => false) {
      while (!done()) {
        if (events > EVENTS_MAX) throw new Flaw('everything comes to rest', `more than ${EVENTS_MAX} events`)
        const event = queue.peek()
        if (!event || event.atMs > untilMs) break
        queue.pop()
        nowMs = event.atMs
        if (handle(event)) await drain()
        const flaw = takeFlaw()
        if (flaw) throw flaw
        current = undefined
      }
      if (!done()) nowMs = Math.max(nowMs, untilMs)
    },
    trace: () => {},
  }
  return loop
}

function createMachine(name: string): Machine {
  const mourners: Array<() => void> = []
  let alive = true
  let frozenUntilMs = 0
  return {
    name,
    get alive() {
      return alive
    },
    get frozenUntilMs() {
      return frozenUntilMs
    },
    freezeUntil(atMs) {
      frozenUntilMs = Math.max(frozenUntilMs, atMs)
    },
    skewMs: 0,
    kill() {
      if (!alive) return
      alive = false
      for (const work of mourners.splice(0)) work()
    },
    onDeath: (work) => void mourners.push(work),
  }
}

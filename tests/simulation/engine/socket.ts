import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import type { Loop, Machine } from './loop.ts'
import type { Random } from './random.ts'

/** What may go wrong between two machines. */
export interface Network {
  latencyMs(): number
  /** The message comes twice, as from somebody who replays it. */
  repeats(): boolean
}

export interface Ends {
  near: WebSocket
  far: WebSocket
  /** Nothing passes any more; each side notices in its own time. */
  cut(): void
}

/** One end of a connection, with what our code uses of a WebSocket. */
class End extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  lastArrivalMs = 0
  peer: End | undefined
  readonly protocol: string
  readonly machine: Machine
  readonly loop: Loop
  readonly network: Network
  isCut = false
  onSend: (text: string) => void = () => {}

  constructor(loop: Loop, machine: Machine, network: Network, protocol: string) {
    super()
    Object.assign(this, { loop, machine, network, protocol })
    this.loop = loop
    this.machine = machine
    this.network = network
    this.protocol = protocol
  }

  send(text: string): void {
    if (this.readyState !== this.OPEN || !this.machine.alive) return
    this.onSend(text)
    this.post(text)
    if (this.network.repeats())
      this.loop.after(this.network.latencyMs() ** 4, undefined, 'repeats', () => this.post(text))
  }

  /** In order, as TCP has it; what is under way when the connection breaks is lost. */
  private post(text: string): void {
    const { peer, loop, network } = this
    if (!peer) return
    const arrivalMs = Math.max(loop.nowMs + network.latencyMs(), this.lastArrivalMs)
    this.lastArrivalMs = arrivalMs
    loop.after(arrivalMs - loop.nowMs, peer.machine, 'message', () => {
      if (this.isCut || peer.readyState !== peer.OPEN) return
      peer.emit('message', Buffer.from(text))
    })
  }

  ping(): void {
    const { peer } = this
    const answers = peer?.machine.alive && peer.machine.frozenUntilMs <= this.loop.nowMs && !this.isCut
    if (!answers || peer.readyState !== peer.OPEN) return
    peer.emit('ping')
    this.emit('pong')
  }

  close(code = 1000, reason = ''): void {
    this.shut(code, reason)
  }

  terminate(): void {
    this.shut(1006, '')
  }

  private shut(code: number, reason: string): void {
    if (this.readyState !== this.OPEN) return
    const { peer, loop } = this
    this.readyState = 3
    loop.after(0, this.machine, 'closed', () => this.emit('close', code, Buffer.from(reason)))
    if (!this.isCut && peer) peer.notice(code, reason, this.network.latencyMs())
  }

  notice(code: number, reason: string, ms: number): void {
    this.loop.after(ms, this.machine, 'hung up', () => {
      if (this.readyState !== this.OPEN) return
      this.readyState = 3
      this.emit('close', code, Buffer.from(reason))
    })
  }
}

/** Connects two machines. The death of one is noticed by the other soon, or not at all, as when a machine loses power. */
export function connect(
  { loop, random, network }: { loop: Loop; random: Random; network: Network },
  near: Machine,
  far: Machine,
  { protocol, onSend }: { protocol: string; onSend: (text: string) => void },
): Ends {
  const ends = [new End(loop, near, network, protocol), new End(loop, far, network, protocol)] as const
  const [one, other] = ends
  one.peer = other
  other.peer = one
  one.onSend = onSend
  /** The far side hears nothing for a while, then gives up; the near one has its heartbeat. */
  const silence = (): void => {
    one.isCut = true
    other.isCut = true
    other.notice(1006, '', random.between(5_000, 15_000))
  }
  for (const end of ends)
    end.machine.onDeath(() => {
      if (random.chance(0.7)) end.peer?.notice(1006, '', random.between(0, 200))
      else silence()
      end.readyState = 3
    })
  return {
    near: one as unknown as WebSocket,
    far: other as unknown as WebSocket,
    cut() {
      silence()
      // Unless a reset comes through.
      if (random.chance(0.5)) for (const end of ends) end.notice(1006, '', random.between(0, 500))
    },
  }
}

import { type Log, parseStrictJson } from '@azora/base'
import {
  type Action,
  type Failure,
  FromNode,
  type KeyChain,
  NODE_JSON_DEPTH_MAX,
  NODE_PROTOCOL,
  type NodeHello,
  type NodeLeaseEnd,
  type NodeLeases,
  type NodeOutput,
  type Outcome,
  type PerformRequest,
  type ToNode,
} from '@azora/contracts'
import type { WebSocket } from 'ws'
import { createFrames } from './frames.ts'

type Answer =
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'refused'; error: Failure }
  | { kind: 'lost' }
  /** The node would take it for an attack and hang up. */
  | { kind: 'too_large' }

/** A connected node, as the control plane sees it. */
export interface Link extends Omit<NodeHello, 'type'> {
  /** Requests under way, and places that are held. */
  busy(): number
  /** What it was asked to do and has not answered yet. */
  performing(): Action[]
  /** False as soon as it closes: what is sent then never arrives. */
  open(): boolean
  draining(): boolean
  /** Gives it nothing more, or lets it be given work again. A node that drains itself stays so. */
  drain(on: boolean): void
  /** Keeps a place for a request to come. Returns a function that gives it up, once. */
  hold(): () => void
  /** Resolves in every case: a node that goes away makes its answers `lost`. The signal must not have fired yet. */
  send(request: PerformRequest, signal: AbortSignal): Promise<Answer>
  /** Tells it something about a request; nothing when it is gone. */
  tell(message: NodeLeases | NodeLeaseEnd): void
  /** Tells the node how the journal's keys follow one another; what is sent afterwards may rely on it. */
  announce(chain: KeyChain): void
  close(): void
  /** Ends it without a goodbye. */
  terminate(): void
}

export interface LinkEvents {
  /** Why the node is not wanted under what it says of itself; undefined when it is. */
  flawIn(hello: NodeHello): string | undefined
  onReady(link: Link): void
  /** What an action prints, while it runs. */
  onOutput(action: Action, stream: NodeOutput['stream'], text: string): void
  /** It asks for the secrets of a request, to be read with a key of its own. */
  onLease(id: string, key: string): void
  /** It has room again. */
  onChange(): void
  /** Called once when the connection has ended. */
  onGone(): void
}

const HEARTBEAT_MS = 5_000
const CANCEL_MS_MAX = 5_000
const HELLO_MS_MAX = 10_000
const GOING_AWAY = 1001
const BAD_MESSAGE = 1008
/** What a node reads at most in one message. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024

/** Waits for a node's hello on a new connection, and carries requests and answers from then on. */
export function openLink(socket: WebSocket, principal: string, events: LinkEvents, log: Log): void {
  const pending = new Map<string, { action: Action; resolve: (answer: Answer) => void }>()
  let held = 0
  let link: Link | undefined
  let alive = true
  /** The node asked for no more, or people did. */
  const drained = { byNode: false, byPeople: false }
  const frames = createFrames((text) => socket.send(text), MESSAGE_BYTES_MAX)
  const post = (message: ToNode): void => {
    frames.flush()
    socket.send(JSON.stringify(message))
  }
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  const reject = (why: string): void => {
    log.warn({ principal, why }, 'a node is hung up on')
    socket.close(BAD_MESSAGE, why)
  }
  const changed = (): void => {
    if (drained.byNode && pending.size + held === 0) socket.close(GOING_AWAY, 'drained')
    events.onChange()
  }
  const settle = (id: string, answer: Answer): void => {
    const request = pending.get(id)
    pending.delete(id)
    request?.resolve(answer)
    changed()
  }
  if (socket.protocol !== NODE_PROTOCOL) reject(`this control plane speaks ${NODE_PROTOCOL}`)
  const silence = setTimeout(() => link || reject('no hello'), HELLO_MS_MAX)
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, HEARTBEAT_MS)

  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', (data: Buffer) => {
    if (!isOpen()) return
    alive = true
    const message = parse(data)
    if (!message) reject('not a message of the protocol')
    else if (message.type === 'outcome') settle(message.id, { kind: 'outcome', outcome: message.outcome })
    else if (message.type === 'refused') settle(message.id, { kind: 'refused', error: message.error })
    else if (message.type === 'output') tell(message)
    else if (message.type === 'draining') {
      drained.byNode = true
      changed()
    } else if (message.type === 'lease') events.onLease(message.id, message.key)
    else greet(message)
  })
  socket.on('error', (error) => log.warn({ err: error, principal }, 'the connection to a node failed'))
  socket.once('close', () => {
    clearTimeout(silence)
    clearInterval(heartbeat)
    events.onGone()
    for (const id of [...pending.keys()]) settle(id, { kind: 'lost' })
  })

  function tell({ id, stream, text }: NodeOutput): void {
    const request = pending.get(id)
    if (request) events.onOutput(request.action, stream, text)
  }

  function greet(hello: NodeHello): void {
    const flaw = link ? 'hello twice' : events.flawIn(hello)
    if (flaw) reject(flaw)
    else {
      const { type: _type, ...self } = hello
      link = { ...self, ...control, send }
      events.onReady(link)
    }
  }

  function send(request: PerformRequest, signal: AbortSignal): Promise<Answer> {
    if (!frames.add(request)) return Promise.resolve({ kind: 'too_large' })
    return new Promise((resolve) => {
      const cancel = (): void => {
        if (isOpen()) post({ type: 'cancel', id: request.id })
        setTimeout(() => pending.has(request.id) && settle(request.id, { kind: 'lost' }), CANCEL_MS_MAX).unref()
      }
      const done = (answer: Answer): void => {
        signal.removeEventListener('abort', cancel)
        resolve(answer)
      }
      pending.set(request.id, { action: request.action, resolve: done })
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
    })
  }

  const control: Omit<Link, keyof NodeHello | 'send'> = {
    busy: () => pending.size + held,
    performing: () => [...pending.values()].map(({ action }) => action),
    open: isOpen,
    draining: () => drained.byNode || drained.byPeople,
    drain(on) {
      drained.byPeople = on
      changed()
    },
    hold() {
      held += 1
      let given = false
      return () => {
        if (given) return
        given = true
        held -= 1
        changed()
      }
    },
    tell(message) {
      if (isOpen() && pending.has(message.id)) post(message)
    },
    announce(chain) {
      if (isOpen()) post({ type: 'journal_keys', chain })
    },
    close() {
      frames.flush()
      socket.close(GOING_AWAY, 'the control plane stops')
    },
    terminate: () => socket.terminate(),
  }
}

function parse(data: Buffer): FromNode | undefined {
  try {
    return FromNode.safeParse(parseStrictJson(data, NODE_JSON_DEPTH_MAX)).data
  } catch {
    return undefined
  }
}

import { type Log, parseStrictJson } from '@azora/base'
import {
  type Failure,
  FromNode,
  type KeyChain,
  NODE_JSON_DEPTH_MAX,
  type Outcome,
  type PerformRequest,
  type ToNode,
} from '@azora/contracts'
import type { WebSocket } from 'ws'

type Answer =
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'refused'; error: Failure }
  | { kind: 'lost' }
  /** The node would take it for an attack and hang up. */
  | { kind: 'too_large' }

/** A connected node, as the control plane sees it. */
export interface Link {
  readonly node: string
  readonly capacity: number
  readonly isolation: string
  busy(): number
  /** False as soon as it closes: what is sent then never arrives. */
  open(): boolean
  /** Resolves in every case: a node that goes away makes its answers `lost`. */
  send(request: PerformRequest, signal: AbortSignal): Promise<Answer>
  /** Tells the node how the journal's keys follow one another; what is sent afterwards may rely on it. */
  announce(chain: KeyChain): void
  close(): void
}

const HEARTBEAT_MS = 10_000
const CANCEL_MS_MAX = 5_000
const HELLO_MS_MAX = 10_000
const BAD_MESSAGE = 1008
/** What a node reads at most in one message. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024

interface Pending {
  resolve: (answer: Answer) => void
}

/**
 * Waits for a node's hello on a new connection.
 *
 * @param onChange called when the node has room again
 * @param onGone called once when the connection has ended
 */
export function openLink(
  socket: WebSocket,
  principal: string,
  events: { onReady: (link: Link) => void; onChange: () => void; onGone: () => void },
  log: Log,
): void {
  const pending = new Map<string, Pending>()
  let ready = false
  let alive = true
  const post = (message: ToNode): void => socket.send(JSON.stringify(message))
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  const reject = (why: string): void => {
    log.warn({ principal, why }, 'a node said something that is not the protocol')
    socket.close(BAD_MESSAGE, why)
  }
  const settle = (id: string, answer: Answer): void => {
    const waiting = pending.get(id)
    pending.delete(id)
    waiting?.resolve(answer)
    events.onChange()
  }
  const silence = setTimeout(() => ready || reject('no hello'), HELLO_MS_MAX)
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
    if (!message) reject('not a message of azora.node.v1')
    else if (message.type === 'outcome') settle(message.id, { kind: 'outcome', outcome: message.outcome })
    else if (message.type === 'refused') settle(message.id, { kind: 'refused', error: message.error })
    else if (ready) reject('hello twice')
    else {
      ready = true
      events.onReady(linkOf(message.node, message.capacity, message.isolation))
    }
  })
  socket.on('error', (error) => log.warn({ err: error, principal }, 'the connection to a node failed'))
  socket.once('close', () => {
    clearTimeout(silence)
    clearInterval(heartbeat)
    events.onGone()
    for (const id of [...pending.keys()]) settle(id, { kind: 'lost' })
  })

  const linkOf = (node: string, capacity: number, isolation: string): Link => ({
    node,
    capacity,
    isolation,
    busy: () => pending.size,
    open: isOpen,
    send(request, signal) {
      const text = JSON.stringify(request)
      if (Buffer.byteLength(text) > MESSAGE_BYTES_MAX) return Promise.resolve({ kind: 'too_large' })
      return new Promise((resolve) => {
        const cancel = (): void => {
          post({ type: 'cancel', id: request.id })
          setTimeout(() => pending.has(request.id) && settle(request.id, { kind: 'lost' }), CANCEL_MS_MAX).unref()
        }
        const done = (answer: Answer): void => {
          signal.removeEventListener('abort', cancel)
          resolve(answer)
        }
        pending.set(request.id, { resolve: done })
        socket.send(text)
        // Listeners of one signal run one after another: an earlier one may have led here.
        if (signal.aborted) cancel()
        else signal.addEventListener('abort', cancel, { once: true })
      })
    },
    announce(chain) {
      if (isOpen()) post({ type: 'journal_keys', chain })
    },
    close: () => socket.close(1001, 'the control plane stops'),
  })
}

function parse(data: Buffer): FromNode | undefined {
  try {
    return FromNode.safeParse(parseStrictJson(data, NODE_JSON_DEPTH_MAX)).data
  } catch {
    return undefined
  }
}

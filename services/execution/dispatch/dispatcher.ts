import { randomUUID } from 'node:crypto'
import { AzoraError, type Log } from '@azora/base'
import type { Action, Failure, KeyChain, Outcome, PerformRequest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { WebSocket } from 'ws'
import { type Link, openLink } from './link.ts'

export interface Refusal {
  action: Action
  actionDigest: string
  node: string
  error: Failure
}

export interface DispatcherDeps {
  /** Puts a node's refusal on record; whoever asked, no answer is given before that. */
  recordRefusal(refusal: Refusal): Promise<void>
  /** How the journal's keys follow one another; nodes are told before they are asked for anything. */
  keyChain?: () => KeyChain
  log: Log
}

export type PerformResult =
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'refused'; error: Failure; node: string }
  /** It was sent, and the node went away before it answered: nobody knows how it ended. */
  | { kind: 'lost'; node: string }
  /** The signal fired before it was sent. */
  | { kind: 'aborted' }

interface NodeView {
  node: string
  capacity: number
  busy: number
  isolation: string
}

/** Hands actions to the nodes that have dialled in. */
export interface Dispatcher {
  /** Takes over an authenticated connection of a node. */
  attach(socket: WebSocket, principal: string): void
  /** Resolves when a node has room, or when the signal fires. */
  ready(signal: AbortSignal): Promise<void>
  /** Waits until a node has room. Throws `overloaded` when too many wait. */
  perform(request: Omit<PerformRequest, 'type' | 'id'>, signal: AbortSignal): Promise<PerformResult>
  nodes(): NodeView[]
  /** The journal has a new key: every node is told. */
  announceKeys(): void
  close(): Promise<void>
}

const WAITING_MAX = 10_000

interface Waiting {
  assign(link: Link): void
}

export function createDispatcher({ recordRefusal, keyChain = () => [], log }: DispatcherDeps): Dispatcher {
  const links = new Set<Link>()
  const waiting = new Set<Waiting>()

  const freest = (): Link | undefined => {
    const free = [...links].filter((link) => link.open() && link.busy() < link.capacity)
    return free.sort((a, b) => a.busy() / a.capacity - b.busy() / b.capacity)[0]
  }
  const assign = (): void => {
    for (const next of waiting) {
      const link = freest()
      if (!link) return
      waiting.delete(next)
      next.assign(link)
    }
  }
  const waitForRoom = (signal: AbortSignal, onLink: (link: Link) => void, onAbort: () => void): void => {
    const item: Waiting = {
      assign(link) {
        signal.removeEventListener('abort', abort)
        onLink(link)
      },
    }
    const abort = (): void => {
      waiting.delete(item)
      onAbort()
    }
    signal.addEventListener('abort', abort, { once: true })
    waiting.add(item)
  }

  async function performOn(link: Link, request: PerformRequest, signal: AbortSignal): Promise<PerformResult> {
    const answer = await link.send(request, signal)
    if (answer.kind === 'outcome') return answer
    if (answer.kind === 'lost') return { kind: 'lost', node: link.node }
    if (answer.kind === 'too_large') return { kind: 'outcome', outcome: tooLarge(link) }
    const { action } = request
    await recordRefusal({ action, actionDigest: digestOf(action), node: link.node, error: answer.error })
    return { kind: 'refused', error: answer.error, node: link.node }
  }

  return {
    attach(socket, principal) {
      let mine: Link | undefined
      const onReady = (link: Link): void => {
        mine = link
        if (keyChain().length > 0) link.announce(keyChain())
        links.add(link)
        log.info({ node: link.node, principal, capacity: link.capacity }, 'a node is ready')
        assign()
      }
      const onGone = (): void => {
        if (mine) links.delete(mine)
      }
      openLink(socket, principal, { onReady, onChange: assign, onGone }, log)
    },
    ready(signal) {
      if (signal.aborted || (waiting.size === 0 && freest())) return Promise.resolve()
      if (waiting.size >= WAITING_MAX) return Promise.reject(overloaded())
      return new Promise((resolve) => waitForRoom(signal, () => resolve(), resolve))
    },
    perform(rest, signal) {
      if (signal.aborted) return Promise.resolve({ kind: 'aborted' })
      const request: PerformRequest = { type: 'perform', id: randomUUID(), ...rest }
      const link = waiting.size === 0 ? freest() : undefined
      if (link) return performOn(link, request, signal)
      if (waiting.size >= WAITING_MAX) return Promise.reject(overloaded())
      return new Promise((resolve, reject) => {
        const onLink = (free: Link): void => void performOn(free, request, signal).then(resolve, reject)
        waitForRoom(signal, onLink, () => resolve({ kind: 'aborted' }))
      })
    },
    nodes: () =>
      [...links].map((link) => ({
        node: link.node,
        capacity: link.capacity,
        busy: link.busy(),
        isolation: link.isolation,
      })),
    announceKeys() {
      for (const link of links) link.announce(keyChain())
    },
    async close() {
      for (const link of links) link.close()
    },
  }
}

const tooLarge = ({ node, isolation }: Link): Outcome => ({
  state: 'failed',
  durationMs: 0,
  log: '',
  node,
  isolation,
  error: { code: 'request_too_large', message: 'the action with its proof is larger than a node reads' },
})

const overloaded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `more than ${WAITING_MAX} actions wait for a node`, {
    remedy: 'Start more nodes, or wait.',
    retryAfterMs: 2_000,
  })

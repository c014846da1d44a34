import { randomUUID } from 'node:crypto'
import { AzoraError, type Log } from '@azora/base'
import {
  type Action,
  type Failure,
  type KeyChain,
  NODE_GONE,
  type NodeHello,
  type NodeView,
  type NoIsolation,
  type Outcome,
  type PerformRequest,
} from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { WebSocket } from 'ws'
import type { Leasing } from './leasing.ts'
import { type Link, openLink } from './link.ts'
import { createPlaces, type Held, type Need } from './places.ts'

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
  /** Told what actions print, while they run. */
  onOutput?: (action: Action, stream: 'stdout' | 'stderr', text: string) => void
  /** Lends nodes the secrets of their requests; without it none are lent. */
  leasing?: Leasing
  log: Log
}

export type PerformResult =
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'refused'; error: Failure; node: string }
  /** It was sent, and the node went away before it answered: nobody knows how it ended. */
  | { kind: 'lost'; node: string }
  /** The signal fired before it was sent. */
  | { kind: 'aborted' }

/** A place on a node, held for one action. */
export interface Slot {
  /** This life of the node (`name/instance`): whom the permission has to name. */
  readonly audience: string
  /** What keeps code there, as the node says. */
  readonly isolation: string
  /** Uses the place up; a second call is answered with `aborted`. */
  perform(request: Omit<PerformRequest, 'type' | 'id'>, signal: AbortSignal): Promise<PerformResult>
  /** Gives the place back unused. */
  release(): void
}

/** Hands actions to the nodes that have dialled in. */
export interface Dispatcher {
  /** Takes over an authenticated connection of the principal `node:NAME`. */
  attach(socket: WebSocket, principal: string): void
  /**
   * Waits for a place on a node of the shard, in turn. Undefined when the signal fires first. Throws `overloaded` when too
   * many wait.
   */
  reserve(need: Need, signal: AbortSignal): Promise<Slot | undefined>
  /** `none` when one of the shard's connected nodes has no isolation: it may be the one that performs. */
  isolation(shard: string): NoIsolation | undefined
  nodes(): NodeView[]
  /** What the node of a principal is doing right now for a run, of the kind that is looked for; undefined when it is nothing. */
  performing(principal: string, runId: string, isWanted?: (action: Action) => boolean): Action | undefined
  /** Gives a node nothing more, or lets it be given work again. Throws `node_not_found`. */
  drain(node: string, on: boolean): NodeView
  /** Hangs up on the node of a principal, if it is connected; what it does is lost. */
  expel(principal: string): void
  /** The journal has a new key: every node is told. */
  announceKeys(): void
  close(): Promise<void>
}

const WAITING_MAX = 10_000
const ABORTED = { kind: 'aborted' } as const

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { recordRefusal, keyChain = () => [], onOutput = () => {}, leasing, log } = deps
  const places = createPlaces()

  async function refuse({ action }: Pick<PerformRequest, 'action'>, node: string, error: Failure) {
    await recordRefusal({ action, actionDigest: digestOf(action), node, error })
    return { kind: 'refused', error, node } as const
  }

  async function performOn(link: Link, request: PerformRequest, signal: AbortSignal): Promise<PerformResult> {
    const { node } = link
    if (!link.open()) return refuse(request, node, GONE)
    leasing?.begin(link, request)
    const answer = await link.send(request, signal)
    const uses = answer.kind === 'outcome' ? (answer.outcome.secrets ?? []) : []
    await leasing?.end(request.id, answer.kind === 'lost' ? 'lost' : 'finished', uses)
    if (answer.kind === 'outcome') return answer
    if (answer.kind === 'lost') return { kind: 'lost', node }
    if (answer.kind === 'too_large') return { kind: 'outcome', outcome: tooLarge(link) }
    if (answer.error.code === 'code_mismatch') places.lacks(link, request.action.codeDigest)
    return refuse(request, node, answer.error)
  }

  function slotOn({ link, giveUp }: Held): Slot {
    let used = false
    return {
      audience: `${link.node}/${link.instance}`,
      isolation: link.isolation,
      async perform(request, signal) {
        if (used) return ABORTED
        used = true
        if (signal.aborted) {
          giveUp()
          return ABORTED
        }
        const result = performOn(link, { type: 'perform', id: randomUUID(), ...request }, signal)
        // What was sent counts by itself now.
        giveUp()
        return result
      },
      release() {
        used = true
        giveUp()
      },
    }
  }

  /** A name is its principal's, and one process bears it at a time. */
  function flawIn({ node, instance }: NodeHello, principal: string): string | undefined {
    if (`node:${node}` !== principal) return `the token belongs to ${principal}: start with its name`
    const other = places.links().find((link) => link.node === node && link.open())
    if (!other) return undefined
    if (other.instance !== instance) return `another node is connected as ${node}`
    // It dials again before we have noticed that its old connection is dead.
    other.terminate()
    places.remove(other)
    return undefined
  }

  return {
    attach(socket, principal) {
      let mine: Link | undefined
      const onReady = (link: Link): void => {
        mine = link
        if (keyChain().length > 0) link.announce(keyChain())
        places.add(link)
        const { node, shard, capacity } = link
        log.info({ node, shard, capacity }, 'a node is ready')
        places.serve(shard)
      }
      const onGone = (): void => {
        if (!mine) return
        places.remove(mine)
        log.info({ node: mine.node }, 'a node is gone')
      }
      const onChange = (): void => {
        if (mine) places.serve(mine.shard)
      }
      const onLease = (id: string, key: string): void => {
        if (mine) void leasing?.answer(mine, id, key)
      }
      const flaw = (hello: NodeHello): string | undefined => flawIn(hello, principal)
      const events = { flawIn: flaw, onReady, onOutput, onLease, onChange, onGone }
      openLink(socket, principal, events, log)
    },
    async reserve(need, signal) {
      if (signal.aborted) return undefined
      const held = places.take(need)
      if (held) return slotOn(held)
      if (places.waiting() >= WAITING_MAX) throw overloaded()
      return new Promise((resolve) => {
        const abort = (): void => {
          stopWaiting()
          resolve(undefined)
        }
        const stopWaiting = places.wait(need, (place) => {
          signal.removeEventListener('abort', abort)
          resolve(slotOn(place))
        })
        signal.addEventListener('abort', abort, { once: true })
      })
    },
    isolation: (shard) =>
      places.links().some((link) => link.shard === shard && link.isolation === 'none') ? 'none' : undefined,
    nodes: () => places.links().map(viewOf),
    performing: (principal, runId, isWanted = () => true) =>
      places
        .links()
        .filter(({ node }) => `node:${node}` === principal)
        .flatMap((link) => link.performing())
        .find((action) => action.runId === runId && isWanted(action)),
    drain(node, on) {
      const link = places.links().find((candidate) => candidate.node === node)
      if (!link) throw notFound(node)
      link.drain(on)
      return viewOf(link)
    },
    expel(principal) {
      for (const link of places.links()) if (`node:${link.node}` === principal) link.terminate()
    },
    announceKeys() {
      for (const link of places.links()) link.announce(keyChain())
    },
    async close() {
      for (const link of places.links()) link.close()
    },
  }
}

const viewOf = (link: Link): NodeView => {
  const { node, shard, capacity, isolation, version } = link
  return { node, shard, capacity, busy: link.busy(), state: link.draining() ? 'draining' : 'ready', isolation, version }
}

const GONE: Failure = { code: NODE_GONE, message: 'the node went away before it was asked' }

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

const notFound = (node: string): AzoraError =>
  new AzoraError('missing', 'node_not_found', `no node ${node} is connected`, { remedy: 'List them: azora nodes list' })

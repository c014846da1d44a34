import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Clock, type Log, parseStrictJson, toAzoraError } from '@azora/base'
import {
  type Failure,
  type FromNode,
  INLINE_BYTES_MAX,
  type KeyChain,
  NODE_JSON_DEPTH_MAX,
  NODE_SILENCE_MS,
  type NodeOutput,
  type Outcome,
  type PerformRequest,
  ToNode,
} from '@azora/contracts'
import type { KeyTrust } from '@azora/proof'
import type { WebSocket } from 'ws'
import type { Isolation } from '../isolation/port.ts'
import type { CarryOut } from './carry-out.ts'
import { requestsIn } from './perform-message.ts'
import type { PermitCheck } from './permit.ts'
import { createLeaseClient } from './secrets/client.ts'

export interface SessionDeps {
  permit: PermitCheck
  /** Which keys of the journal count. */
  journal: Pick<KeyTrust, 'follow'>
  carryOut: CarryOut
  isolation: Pick<Isolation, 'describe'>
  node: string
  instance: string
  shard: string
  capacity: number
  version: string
  clock: Clock
  log: Log
}

export interface Session {
  begin(): void
  /** Says that it wants no more; the control plane hangs up when all that it was promised is done. */
  drain(): void
  /** Ends everything that runs; resolves when it is gone. The control plane takes it as lost. */
  end(): Promise<void>
}

const BAD_MESSAGE = 1008
/** Refused requests that are remembered; the proofs of older ones have expired by far. */
const REFUSED_MAX = 10_000

/** One connection to the control plane: requests in, outcomes and refusals out. */
export function createSession(deps: SessionDeps, socket: WebSocket): Session {
  const running = new Map<string, { cancel: AbortController; done: Promise<void> }>()
  const refusedIds = new Set<string>()
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  const write = createWriting(socket)
  const send = (message: FromNode): void => {
    if (isOpen()) write(JSON.stringify(message))
  }
  const answer = (id: string, outcome: Outcome): void => {
    const text = JSON.stringify({ type: 'outcome', id, outcome } satisfies FromNode)
    // One that can't go on record would leave its effect unexplained.
    if (Buffer.byteLength(text) > INLINE_BYTES_MAX) send({ type: 'outcome', id, outcome: failed(deps, TOO_LARGE) })
    else if (isOpen()) write(text)
  }

  const leases = createLeaseClient({ send, clock: deps.clock })

  const hears = createHearing(deps.clock)
  const listens = (): boolean => {
    if (!isOpen()) return false
    if (hears()) return true
    deps.log.warn('this process stood still; what it was asked meanwhile is not done')
    socket.terminate()
    return false
  }

  socket.on('ping', listens)
  socket.on('message', (data: Buffer) => {
    if (!listens()) return
    const message = parse(data)
    if (!message) socket.close(BAD_MESSAGE, 'not a message of the protocol')
    else if (message.type === 'cancel') running.get(message.id)?.cancel.abort()
    else if (message.type === 'perform') for (const request of requestsIn(message)) accept(request)
    else if (message.type === 'leases') leases.hear(message)
    else if (message.type === 'lease_ended') {
      if (running.has(message.id)) leases.ended(message.id, message.leaseId)
    } else follow(message.chain)
  })

  function follow(chain: KeyChain): void {
    const flaw = deps.journal.follow(chain)
    if (flaw === undefined) return
    deps.log.error({ flaw }, 'the control plane names a journal key that is not endorsed')
    socket.close(BAD_MESSAGE, 'a journal key that is not endorsed')
  }

  function accept(request: PerformRequest): void {
    // Checked before anything can wait, so that two requests with one proof can't both pass.
    // A message that is repeated gets no answer of its own: to refuse what is under way would be taken for its end.
    if (running.has(request.id)) return
    // What was refused is on record as not done: it is not done later either, when there is room or the clock was set back.
    if (refusedIds.has(request.id)) return
    const refused = running.size >= deps.capacity ? BUSY : deps.permit(request)
    if (refused) {
      refuse(request.id, refused)
      return
    }
    const cancel = new AbortController()
    const done = perform(request, cancel.signal)
      .catch((thrown) => {
        deps.log.error({ err: toAzoraError(thrown) }, 'an action could not be performed')
        answer(
          request.id,
          failed(deps, { code: 'node_failed', message: 'the node could not perform it; its log says why' }),
        )
      })
      .then(() => void running.delete(request.id))
    running.set(request.id, { cancel, done })
  }

  function refuse(id: string, error: Failure): void {
    if (refusedIds.size >= REFUSED_MAX) for (const oldest of refusedIds) if (refusedIds.delete(oldest)) break
    refusedIds.add(id)
    send({ type: 'refused', id, error })
  }

  async function perform(request: PerformRequest, signal: AbortSignal): Promise<void> {
    const { id } = request
    const show = (stream: NodeOutput['stream'], text: string): void => send({ type: 'output', id, stream, text })
    try {
      const ended = await deps.carryOut(request, signal, { show, leases })
      if ('refusal' in ended) send({ type: 'refused', id, error: ended.refusal })
      else answer(id, 'flaw' in ended ? failed(deps, ended.flaw) : ended)
    } finally {
      leases.forget(id)
    }
  }

  return {
    begin() {
      const { node, instance, shard, capacity, version } = deps
      send({ type: 'hello', node, instance, shard, capacity, isolation: deps.isolation.describe(), version })
    },
    drain: () => send({ type: 'draining' }),
    async end() {
      const all = [...running.values()]
      for (const { cancel } of all) cancel.abort()
      await Promise.all(all.map(({ done }) => done))
    },
  }
}

/** What is said in one turn leaves in one piece, where the connection below is known. */
function createWriting(socket: WebSocket): (text: string) => void {
  let line: Pick<Duplex, 'cork' | 'uncork'> | undefined
  socket.once('upgrade', (response: IncomingMessage) => {
    line = response.socket
  })
  return (text) => {
    line?.cork()
    socket.send(text)
    if (line) process.nextTick(() => line?.uncork())
  }
}

/** Answers false once nothing was heard for too long: by the clock, which goes on while a machine sleeps, or without it. */
function createHearing(clock: Clock): () => boolean {
  let heardMs = performance.now()
  let heardAtMs = clock.now()
  return () => {
    const silentMs = Math.max(performance.now() - heardMs, clock.now() - heardAtMs)
    heardMs = performance.now()
    heardAtMs = clock.now()
    return silentMs <= NODE_SILENCE_MS
  }
}

const BUSY: Failure = { code: 'overloaded', message: 'the node has no free slot for this request' }

const TOO_LARGE: Failure = {
  code: 'limit_output',
  message: `the outcome is larger than ${INLINE_BYTES_MAX} bytes; let the skill keep it as an artifact`,
}

const failed = ({ node, isolation }: SessionDeps, error: Failure): Outcome => ({
  state: 'failed',
  durationMs: 0,
  log: '',
  node,
  isolation: isolation.describe(),
  error,
})

function parse(data: Buffer): ToNode | undefined {
  try {
    return ToNode.safeParse(parseStrictJson(data, NODE_JSON_DEPTH_MAX)).data
  } catch {
    return undefined
  }
}

import { type Clock, type Log, parseStrictJson, toAzoraError } from '@azora/base'
import {
  type Failure,
  type FromNode,
  type KeyChain,
  NODE_JSON_DEPTH_MAX,
  type Outcome,
  type PerformRequest,
  ToNode,
} from '@azora/contracts'
import type { KeyTrust } from '@azora/proof'
import type { WebSocket } from 'ws'
import { findEntrypoint } from './entrypoint.ts'
import { type PerformDeps, performAction } from './perform.ts'
import type { PermitCheck } from './permit.ts'
import { holdResources } from './resources.ts'
import { createLeaseClient } from './secrets/client.ts'

export interface SessionDeps extends PerformDeps {
  permit: PermitCheck
  /** Which keys of the journal count. */
  journal: Pick<KeyTrust, 'follow'>
  /** Folder of the skills that this node has. */
  catalog: string
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
/** Below what the journal keeps in one entry (8 MiB): an outcome that can't go on record would leave its effect unexplained. */
const OUTCOME_BYTES_MAX = 6 * 1024 * 1024

/** One connection to the control plane: requests in, outcomes and refusals out. */
export function createSession(deps: SessionDeps, socket: WebSocket): Session {
  const running = new Map<string, { cancel: AbortController; done: Promise<void> }>()
  const isOpen = (): boolean => socket.readyState === socket.OPEN
  const send = (message: FromNode): void => {
    if (isOpen()) socket.send(JSON.stringify(message))
  }
  const answer = (id: string, outcome: Outcome): void => {
    const text = JSON.stringify({ type: 'outcome', id, outcome } satisfies FromNode)
    if (Buffer.byteLength(text) > OUTCOME_BYTES_MAX) send({ type: 'outcome', id, outcome: failed(deps, TOO_LARGE) })
    else if (isOpen()) socket.send(text)
  }

  const leases = createLeaseClient({ send, clock: deps.clock })

  socket.on('message', (data: Buffer) => {
    if (!isOpen()) return
    const message = parse(data)
    if (!message) socket.close(BAD_MESSAGE, 'not a message of the protocol')
    else if (message.type === 'cancel') running.get(message.id)?.cancel.abort()
    else if (message.type === 'perform') accept(message)
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
    const refused = running.has(request.id) || running.size >= deps.capacity ? BUSY : deps.permit(request)
    if (refused) {
      send({ type: 'refused', id: request.id, error: refused })
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

  async function perform(request: PerformRequest, signal: AbortSignal): Promise<void> {
    const { id, action, entrypoint } = request
    const found = await findEntrypoint(deps.catalog, entrypoint, action.codeDigest)
    if ('refusal' in found) return send({ type: 'refused', id, error: found.refusal })
    const held = await holdResources(action.resources, deps.dataDir)
    if ('flaw' in held) return answer(id, failed(deps, held.flaw))
    try {
      const show = (stream: 'stdout' | 'stderr', text: string): void => send({ type: 'output', id, stream, text })
      const secrets = await leases.ask(request, signal)
      if (secrets && 'flaw' in secrets) answer(id, failed(deps, secrets.flaw))
      else answer(id, await performAction(deps, request, found.path, { ...held, secrets }, signal, show))
    } finally {
      leases.forget(id)
      await held.release()
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

const BUSY: Failure = { code: 'overloaded', message: 'the node has no free slot for this request' }

const TOO_LARGE: Failure = { code: 'limit_output', message: 'the outcome is larger than one message may be' }

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

import { type Action, isStateful, isTerminal, type PerformRequest, ToNode } from '@azora/contracts'
import { requestsIn } from '@azora/execution'
import { digestOf } from '@azora/proof'
import type { Catalog } from '../cast/catalog.ts'
import type { ServerLife } from '../cast/server.ts'
import type { Performance, World } from '../cast/world.ts'
import { payloadOf, type Tables } from '../database/tables.ts'
import { must, noteUnless } from './flaw.ts'
import type { LogRecord } from './log.ts'

/** What must hold whenever somebody is about to act. */
export interface ActChecks {
  /** A server sends a message to a node. */
  onSend(text: string, server: ServerLife): void
  onBegin(performance: Performance): void
  onEffect(performance: Performance): void
}

export function createActChecks(
  { tables, log, world, catalog }: { tables: Tables; log: LogRecord; world: World; catalog: Pick<Catalog, 'hasCode'> },
  isRepeatable: (action: Action) => boolean,
): ActChecks {
  const usedNonces = new Set<string>()
  const nameOf = ({ action }: PerformRequest): string => `${action.runId} ${action.stepId}`

  /** The entry of the request's proof, if it is on record as the proof says. */
  function onRecord({ action, receipt }: PerformRequest) {
    const index = receipt?.entry.header.index ?? -1
    const stored = tables.entries[index]
    const verified = stored && payloadOf(stored, 'action.verified')
    return verified?.permission?.actionDigest === digestOf(action)
      ? { index, permission: verified.permission }
      : undefined
  }

  function mayBeAsked(message: PerformRequest, knownSize: number): void {
    const record = log.runs.get(message.action.runId)
    if (!record) return
    const cancelled = record.cancelledAt !== undefined && record.cancelledAt < knownSize
    const undoes = record.undo.has(message.action.stepId)
    noteUnless(!cancelled || undoes, 'what is cancelled does nothing new', nameOf(message))
    // What the log has as begun before the pause was on its way.
    const step = record.steps.get(message.action.stepId)
    const begunAt = isStateful(message.action.effects) ? step?.started : step?.permitted?.index
    const paused = record.pausedAt !== undefined && (begunAt === undefined || begunAt > record.pausedAt)
    noteUnless(!paused, 'what is paused does nothing new', nameOf(message))
  }

  return {
    onSend(text, { knownSize }) {
      if (!text.startsWith('{"type":"perform"')) return
      const said = ToNode.parse(JSON.parse(text))
      if (said.type !== 'perform') return
      for (const message of requestsIn(said)) mayBeAsked(message, knownSize)
    },
    onBegin({ request, node }) {
      const name = nameOf(request)
      const { action } = request
      const verified = onRecord(request)
      must(verified !== undefined, 'what acts was verified on record', name)
      must(!usedNonces.has(verified.permission.nonce), 'a permission is used once', `${name} on ${node.name}`)
      usedNonces.add(verified.permission.nonce)
      const run = log.runs.get(action.runId)
      const isThere = catalog.hasCode(action.codeDigest) || !run || isTerminal(run.state)
      must(isThere, 'the code of a run is there until it ends', name)
      const step = log.step(action.runId, action.stepId)
      if (!isStateful(action.effects)) return
      const started = tables.byRun
        .get(action.runId)
        ?.some(
          (stored) =>
            stored.header.index > verified.index && payloadOf(stored, 'action.started')?.stepId === action.stepId,
        )
      must(started === true, 'what changes the world is on record before', name)
      if (isRepeatable(action)) return
      const earlier = world.performances.filter(
        ({ request: { action: other } }) => other.runId === action.runId && other.stepId === action.stepId,
      )
      must(
        earlier.length <= (step?.repeatsAllowed ?? 0),
        'what must not be repeated is not, unless people say so',
        `${name} for the ${earlier.length + 1}. time`,
      )
    },
    onEffect({ request }) {
      const { action, idempotencyKey } = request
      must(idempotencyKey === `${action.runId}:${action.stepId}`, 'a key stays the same', nameOf(request))
      must(!world.effects.has(idempotencyKey), 'an effect happens once', nameOf(request))
    },
  }
}

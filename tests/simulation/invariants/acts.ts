import { type Action, isStateful, isTerminal, type PerformRequest, ToNode } from '@azora/contracts'
import { requestsIn } from '@azora/execution'
import { digestOf } from '@azora/proof'
import type { Catalog } from '../cast/catalog.ts'
import { CANCEL_MS_MAX } from '../cast/node.ts'
import type { ServerLife } from '../cast/server.ts'
import type { Performance, World } from '../cast/world.ts'
import { payloadOf, type Tables } from '../database/tables.ts'
import type { Loop } from '../engine/loop.ts'
import { must, noteUnless } from './flaw.ts'
import type { LogRecord } from './log.ts'

/** What must hold whenever somebody is about to act. */
export interface ActChecks {
  /** A server sends a message to a node. */
  onSend(text: string, server: ServerLife): void
  onBegin(performance: Performance): void
  onEffect(performance: Performance): void
  onEnd(performance: Performance): void
}

/** A node that hears nothing any more gives up what it does within so long, and so a cancel that is lost on its way is no loss. */
const SILENCE_MS_MAX = 15_000
/** What it takes to say and do it. */
const HANDLED_MS = 500

interface ActDeps {
  loop: Pick<Loop, 'nowMs'>
  tables: Tables
  log: LogRecord
  world: World
  catalog: Pick<Catalog, 'hasCode'>
}

export function createActChecks(
  { loop, tables, log, world, catalog }: ActDeps,
  isRepeatable: (action: Action) => boolean,
): ActChecks {
  const usedNonces = new Set<string>()
  /** By request, who asked. */
  const askedBy = new Map<string, ServerLife>()
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

  /** Since when whoever asked for it knows that it is not wanted any more, and could say so. */
  function cancelledMs({ id, action }: PerformRequest): number | undefined {
    const [server, record] = [askedBy.get(id), log.runs.get(action.runId)]
    if (!server || record?.cancelledAt === undefined || record.undo.has(action.stepId)) return undefined
    const knownMs = server.knownAtMs(record.cancelledAt)
    return knownMs === undefined ? undefined : Math.max(knownMs, server.machine.frozenUntilMs)
  }

  return {
    onSend(text, server) {
      if (!text.startsWith('{"type":"perform"')) return
      const said = ToNode.parse(JSON.parse(text))
      if (said.type !== 'perform') return
      for (const message of requestsIn(said)) {
        askedBy.set(message.id, server)
        mayBeAsked(message, server.knownSize)
      }
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
    onEnd({ request, node, beganMs, lostMs }) {
      const hasFor = (sinceMs: number): number => loop.nowMs - Math.max(sinceMs, beganMs, node.frozenUntilMs)
      const lostFor = lostMs === undefined ? 0 : hasFor(lostMs)
      const stops = lostFor <= CANCEL_MS_MAX + HANDLED_MS
      noteUnless(stops, 'what a node does ends with its connection', `${nameOf(request)} ${lostFor} ms later`)
      const sinceMs = cancelledMs(request)
      const cancelledFor = sinceMs === undefined ? 0 : hasFor(sinceMs)
      const obeys = cancelledFor <= SILENCE_MS_MAX + CANCEL_MS_MAX + HANDLED_MS
      noteUnless(obeys, 'what is cancelled stops', `${nameOf(request)} ${cancelledFor} ms later`)
    },
    onEffect({ request }) {
      const { action, idempotencyKey } = request
      must(idempotencyKey === `${action.runId}:${action.stepId}`, 'a key stays the same', nameOf(request))
      must(!world.effects.has(idempotencyKey), 'an effect happens once', nameOf(request))
    },
  }
}

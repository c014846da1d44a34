import { z } from 'zod'
import { ActionView } from '../action-view.ts'
import { ARTIFACT_BYTES_MAX } from '../artifact.ts'
import { EntryRecord } from '../entry.ts'
import { BUNDLE_MEDIA_TYPE } from '../evidence.ts'
import { Digest, RunId } from '../names.ts'
import { ReplayReport, ReplayRequest, ReplaysEvent, ReplaysRequest } from '../replay.ts'
import { ListRunsQuery, OutputEvent, RunDetail, RunEvent, RunPage } from '../run-view.ts'
import { SignalAccepted, SignalRequest } from '../wait.ts'
import { idempotencyHeaders } from './idempotency.ts'
import { bytes, events, operation } from './operation.ts'

const RunParams = z.strictObject({ runId: RunId })
const ArtifactParams = z.strictObject({ runId: RunId, digest: Digest })
const EventHeaders = z.looseObject({
  'last-event-id': z.coerce.number().int().min(0).optional().describe('Index of the last entry that was seen'),
})

/** For those who can't set headers, as browsers can't for a WebSocket. */
const EventQuery = z.strictObject({
  afterIndex: z.coerce.number().int().min(0).optional().describe('Index of the last entry that was seen'),
})

/** A draft of a constitution, or of an agent, is larger than an ordinary body. */
const DRAFT_BYTES_MAX = 16 * 1024 * 1024

const SignalHeaders = idempotencyHeaders('A repeated request with the same key changes nothing.')

export const runs = {
  list: operation({
    method: 'GET',
    path: '/api/v1/runs',
    summary: 'Runs in the order of their creation, page by page',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    query: ListRunsQuery,
    responses: { 200: RunPage },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}',
    summary: 'One run with its actions',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    hasETag: true,
    params: RunParams,
    problems: ['run_not_found', 'payload_unreadable', 'payload_key_missing'],
    responses: { 200: RunDetail },
  }),
  actions: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/actions',
    summary: 'The actions of a run',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    problems: ['run_not_found', 'payload_unreadable', 'payload_key_missing'],
    responses: { 200: z.strictObject({ items: z.array(ActionView) }) },
  }),
  entries: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/entries',
    summary: 'The journal entries of a run',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    problems: ['run_not_found', 'payload_unreadable', 'payload_key_missing'],
    responses: { 200: z.strictObject({ items: z.array(EntryRecord) }) },
  }),
  events: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/events',
    summary: 'A run’s entries as server-sent events, or over a WebSocket; resumes after Last-Event-ID or `afterIndex`',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    query: EventQuery,
    headers: EventHeaders,
    problems: ['run_not_found', 'payload_unreadable', 'payload_key_missing'],
    responses: { 200: events(RunEvent) },
  }),
  output: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/output',
    summary: 'What the run’s actions print from now on, as server-sent events, until the run has ended',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    problems: ['run_not_found'],
    responses: { 200: events(OutputEvent) },
  }),
  evidence: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/evidence',
    summary: 'Everything that checks a run without the server: an in-toto bundle, JSON Lines of DSSE envelopes',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    problems: [
      'run_not_found',
      'payload_unreadable',
      'payload_key_missing',
      'evidence_incomplete',
      'evidence_too_large',
      'checkpoint_unpublished',
    ],
    responses: { 200: bytes(BUNDLE_MEDIA_TYPE) },
  }),
  replay: operation({
    method: 'POST',
    path: '/api/v1/runs/{runId}/replay',
    summary: 'Makes the decisions of a run again and compares them with the record; nothing is done',
    permission: 'run.replay',
    scope: 'tenant',
    forSomeRuns: true,
    params: RunParams,
    isSafe: true,
    body: ReplayRequest,
    bodyBytesMax: DRAFT_BYTES_MAX,
    problems: [
      'run_not_found',
      'payload_unreadable',
      'payload_key_missing',
      'not_replayable',
      'agent_not_found',
      'agent_code_changed',
      'agent_code_gone',
      'version_not_found',
      'law_invalid',
      'replay_timeout',
      'replay_cancelled',
    ],
    responses: { 200: ReplayReport },
  }),
  signal: operation({
    method: 'POST',
    path: '/api/v1/runs/{runId}/signals',
    summary: 'Sends the run word; a step that waits for it, or will, takes it',
    permission: 'run.signal',
    scope: 'tenant',
    forSomeRuns: true,
    ifMatch: '/api/v1/runs/{runId}',
    params: RunParams,
    headers: SignalHeaders,
    body: SignalRequest,
    problems: [
      'run_not_found',
      'run_ended',
      'signal_too_large',
      'signals_too_many',
      'idempotency_key_reused',
      'payload_unreadable',
      'payload_key_missing',
    ],
    responses: { 202: SignalAccepted },
  }),
  artifact: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/artifacts/{digest}',
    summary: 'One artifact of a run, byte for byte; check its digest',
    permission: 'run.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: ArtifactParams,
    problems: ['run_not_found', 'artifact_not_found', 'artifact_store_unavailable'],
    responses: { 200: bytes() },
  }),
  keepArtifact: operation({
    method: 'PUT',
    path: '/api/v1/runs/{runId}/artifacts/{digest}',
    summary: 'Keeps what an action left behind; for the node that performs it',
    permission: 'artifact.keep',
    scope: 'server',
    params: ArtifactParams,
    body: bytes(),
    bodyBytesMax: ARTIFACT_BYTES_MAX,
    problems: [
      'not_performing',
      'length_required',
      'artifact_too_large',
      'artifact_mismatch',
      'transfer_too_slow',
      'transfer_broken',
      'artifact_store_unavailable',
      'artifact_store_full',
    ],
    responses: { 204: z.null() },
  }),
}

export const replays = {
  start: operation({
    method: 'POST',
    path: '/api/v1/replays',
    summary: 'Replays runs that have ended, as server-sent events with the summary last',
    permission: 'run.replay',
    scope: 'tenant',
    body: ReplaysRequest,
    isSafe: true,
    problems: ['replay_running', 'replay_cancelled'],
    responses: { 200: events(ReplaysEvent) },
  }),
}

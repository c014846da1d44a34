import {
  type ExecuteRequest,
  isTerminal,
  type ListReviewsQuery,
  type ListRunsQuery,
  type ManageRequest,
  type ReplayRequest,
  type ReplaysRequest,
  type ReviewRequest,
  type RunEvent,
  type SignalRequest,
  type VerifyRequest,
} from '@azora/contracts'
import type { z } from 'zod'
import type { Api, Texts } from './api.ts'
import { type EventOptions, followEvents } from './events.ts'
import { followReplays, type ReplaysCallOptions } from './replays.ts'
import type { CallOptions, Transport } from './transport.ts'

/** A replay asks an agent again as often as the run did. */
const REPLAY_LIMIT_MS = 250_000

/** Runs: started, watched, decided about and made again. */
export const runMethods = (transport: Transport, api: Api) => ({
  manage: (body: ManageRequest, call?: CallOptions) => api.orchestrator.manage({ body }, call),
  execute: (body: ExecuteRequest, call?: CallOptions) => api.orchestrator.execute({ body }, call),
  /** The verdict that the action would get; nothing is done. */
  verify: (body: VerifyRequest, call?: CallOptions) => api.orchestrator.verify({ body }, call),
  runs: (query: Texts<z.input<typeof ListRunsQuery>> = {}, call?: CallOptions) => api.runs.list({ query }, call),
  run: (runId: string, call?: CallOptions) => api.runs.get({ params: { runId } }, call),
  actions: async (runId: string, call?: CallOptions) => (await api.runs.actions({ params: { runId } }, call)).items,
  entries: async (runId: string, call?: CallOptions) => (await api.runs.entries({ params: { runId } }, call)).items,
  /** A run's entries, each once and in order, over as many connections as it takes. */
  events(runId: string, events?: EventOptions): AsyncIterable<RunEvent> {
    const path = `/api/v1/runs/${encodeURIComponent(runId)}/events`
    const call = events?.signal ? { signal: events.signal } : {}
    return followEvents(
      transport,
      path,
      async () => isTerminal((await api.runs.get({ params: { runId } }, call)).state),
      events,
    )
  },
  /** An in-toto bundle (DSSE envelopes as JSON Lines), which `azora audit verify` checks. */
  evidence: async (runId: string, call?: CallOptions) =>
    new Response(await api.runs.evidence({ params: { runId } }, call)).bytes(),
  signal: (runId: string, body: SignalRequest, call?: CallOptions) =>
    api.runs.signal({ params: { runId }, body }, call),
  /** Makes a run's decisions again and compares them with the record; nothing is done. */
  replay: (runId: string, body: ReplayRequest = {}, call: CallOptions = {}) =>
    api.runs.replay({ params: { runId }, body }, { limitMs: REPLAY_LIMIT_MS, ...call }),
  /** The same for many runs that have ended. */
  replayRecorded: (request: ReplaysRequest = {}, call?: ReplaysCallOptions) =>
    followReplays(transport, '/api/v1/replays', request, call),
  /** An artifact as it comes; the caller checks its digest. */
  artifact: (runId: string, digest: string, call?: CallOptions) =>
    api.runs.artifact({ params: { runId, digest } }, call),
  /** Hands over a file, at most 256 MiB, that inputs then name as `{ $artifact: digest }`. */
  putArtifact: (digest: string, content: Blob, call?: CallOptions) =>
    transport.put(`/api/v1/artifacts/${encodeURIComponent(digest)}`, content, call),
  /** The files that the tenant has handed over, newest first. */
  uploads: async (call?: CallOptions) => (await api.artifacts.list({}, call)).items,
  /** A file that was handed over, as it comes; the caller checks its digest. */
  upload: (digest: string, call?: CallOptions) => api.artifacts.get({ params: { digest } }, call),
  removeUpload: (digest: string, call?: CallOptions) => api.artifacts.remove({ params: { digest } }, call),
  /** What the run's actions print from now on, until the run has ended. */
  output: (runId: string, call?: CallOptions) => api.runs.output({ params: { runId } }, call),
  /** What waits for people. */
  reviews: (query: Texts<z.input<typeof ListReviewsQuery>> = {}, call?: CallOptions) =>
    api.reviews.list({ query }, call),
  review: (reviewId: string, call?: CallOptions) => api.reviews.get({ params: { reviewId } }, call),
  decide: (reviewId: string, body: ReviewRequest, call?: CallOptions) =>
    api.reviews.decide({ params: { reviewId }, body }, call),
})

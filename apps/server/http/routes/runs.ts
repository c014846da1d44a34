import { Readable } from 'node:stream'
import type { Evidence } from '@azora/bundles'
import { ActionView, BUNDLE_MEDIA_TYPE, EntryRecord, ListRunsQuery, RunDetail, RunId, RunPage } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { z } from 'zod'
import type { App } from '../app.ts'
import { streamRun } from '../event-stream.ts'

const RunParams = z.strictObject({ runId: RunId })
const EventHeaders = z.looseObject({ 'last-event-id': z.coerce.number().int().min(0).optional() })

export interface RunRouteDeps {
  orchestrator: Orchestrator
  journal: Journal
  evidence: Evidence
}

/** Reads: runs, their actions, entries, events and evidence. */
export function runRoutes(app: App, { orchestrator, journal, evidence }: RunRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs',
    config: { access: ['owner', 'reviewer'] },
    schema: { summary: 'Runs, newest first', querystring: ListRunsQuery, response: { 200: RunPage } },
    handler: async ({ principal, query }) => orchestrator.list(principal, query),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId',
    config: { access: ['owner', 'reviewer'] },
    schema: { summary: 'One run with its actions', params: RunParams, response: { 200: RunDetail } },
    handler: async ({ principal, params }) => orchestrator.show(principal, params.runId),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/actions',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'The actions of a run',
      params: RunParams,
      response: { 200: z.strictObject({ items: z.array(ActionView) }) },
    },
    handler: async ({ principal, params }) => ({ items: (await orchestrator.show(principal, params.runId)).actions }),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/entries',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'The journal entries of a run',
      params: RunParams,
      response: { 200: z.strictObject({ items: z.array(EntryRecord) }) },
    },
    handler: async ({ principal, params }) => {
      await orchestrator.show(principal, params.runId)
      return { items: await journal.records(params.runId) }
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/evidence',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'Everything that checks a run without the server: an in-toto bundle, JSON Lines of DSSE envelopes',
      params: RunParams,
    },
    handler: async ({ principal, params }, reply) => {
      await orchestrator.show(principal, params.runId)
      const lines = await evidence.bundle(params.runId)
      return reply.type(BUNDLE_MEDIA_TYPE).send(Readable.from(lines.map((line) => `${line}\n`)))
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/events',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'A run’s entries as server-sent events; resumes after Last-Event-ID',
      params: RunParams,
      headers: EventHeaders,
    },
    handler: async ({ principal, params, headers }, reply) => {
      await orchestrator.show(principal, params.runId)
      await streamRun(journal, params.runId, headers['last-event-id'] ?? -1, principal, reply)
    },
  })
}

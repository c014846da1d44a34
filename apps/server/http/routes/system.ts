import type { Db } from '@azora/base/db'
import type { Constitution } from '@azora/constitution'
import { Health } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { z } from 'zod'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'

export interface SystemRouteDeps {
  db: Db
  journal: Journal
  witnesses: Pick<Witnesses, 'view'> | undefined
  orchestrator: Orchestrator
  constitution: Pick<Constitution, 'digest' | 'problem' | 'folderDiffers'>
  dispatcher: { nodes(): Health['nodes'] }
  version: string
}

/** Liveness for anybody, status for the owner, and the contract as OpenAPI. */
export function systemRoutes(app: App, deps: SystemRouteDeps): void {
  const startedMs = performance.now()
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { access: 'public' },
    schema: { summary: 'Whether the server answers', response: { 200: z.strictObject({ status: z.literal('ok') }) } },
    handler: async () => ({ status: 'ok' as const }),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/status',
    config: { access: 'owner' },
    schema: { summary: 'How the server and what it depends on are', response: { 200: Health } },
    handler: async ({ principal }) => {
      const database = await deps.db.query('select 1').then(
        () => 'ok' as const,
        () => 'unreachable' as const,
      )
      const nodes = deps.dispatcher.nodes()
      const witnessing = deps.witnesses?.view()
      const witnessed = witnessing?.holds ?? true
      const well = database === 'ok' && nodes.length > 0 && !deps.constitution.problem && witnessed
      const note = deps.constitution.problem ?? (await deps.constitution.folderDiffers())
      return {
        status: well ? ('ok' as const) : ('degraded' as const),
        version: deps.version,
        uptimeMs: performance.now() - startedMs,
        database,
        nodes,
        constitution: deps.constitution.digest,
        ...(note !== undefined && { constitutionNote: note }),
        journal: deps.journal.status(),
        ...(witnessing && { witnessing }),
        runs: database === 'ok' ? await deps.orchestrator.counts(principal) : {},
      }
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/openapi.json',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) => reply.serializer((value) => JSON.stringify(value)).send(app.swagger()),
  })
}

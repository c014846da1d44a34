import type { Db } from '@azora/base/db'
import type { Constitution } from '@azora/constitution'
import { type Health, listOperations, operations } from '@azora/contracts'
import type { Principal } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { type OpenApiDocument, openApiDocument } from '../openapi/document.ts'
import { referencePage } from '../openapi/page.ts'
import type { Page } from '../plain-page.ts'
import { serve } from '../serve.ts'

export interface SystemRouteDeps {
  db: Db
  journal: Journal
  witnesses: Pick<Witnesses, 'view'> | undefined
  orchestrator: Orchestrator
  constitution: Pick<Constitution, 'digest' | 'problem' | 'folderDiffers'>
  dispatcher: { nodes(): Health['nodes'] }
  grpc: { address(): string | undefined }
  version: string
}

const { system } = operations

/** Liveness for anybody, status for the owner, and the contract for programs and people. */
export function systemRoutes(app: App, deps: SystemRouteDeps): void {
  const startedMs = performance.now()
  const contract = describedOnce(deps.version)
  serve(app, system.health, async () => ({ status: 'ok' as const }))
  serve(app, system.status, async ({ principal }) => ({
    ...(await healthOf(deps, principal)),
    uptimeMs: performance.now() - startedMs,
  }))
  serve(app, system.openapi, async (_call, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .serializer((value) => JSON.stringify(value))
      .send(contract().document),
  )
  serve(app, system.reference, async (_call, reply) => {
    const { page } = contract()
    return reply.type('text/html; charset=utf-8').headers(page.headers).send(page.html)
  })
}

/** The contract, described when somebody asks: that is a tenth of the work of a start, and few servers are asked. */
function describedOnce(version: string): () => { document: OpenApiDocument; page: Page } {
  let made: { document: OpenApiDocument; page: Page } | undefined
  return () => {
    if (made) return made
    const document = openApiDocument(listOperations(), version)
    made = { document, page: referencePage(document) }
    return made
  }
}

async function healthOf(deps: SystemRouteDeps, principal: Principal): Promise<Omit<Health, 'uptimeMs'>> {
  const database = await deps.db.query('select 1').then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  )
  const nodes = deps.dispatcher.nodes()
  const witnessing = deps.witnesses?.view()
  const witnessed = witnessing?.holds ?? true
  const well = database === 'ok' && nodes.length > 0 && !deps.constitution.problem && witnessed
  const note = deps.constitution.problem ?? (await deps.constitution.folderDiffers())
  const grpc = deps.grpc.address()
  return {
    status: well ? 'ok' : 'degraded',
    version: deps.version,
    database,
    nodes,
    constitution: deps.constitution.digest,
    ...(note !== undefined && { constitutionNote: note }),
    journal: deps.journal.status(),
    ...(witnessing && { witnessing }),
    ...(grpc !== undefined && { grpc }),
    runs: database === 'ok' ? await deps.orchestrator.counts(principal) : {},
  }
}

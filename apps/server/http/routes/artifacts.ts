import type { IncomingHttpHeaders } from 'node:http'
import { AzoraError } from '@azora/base'
import { type Json, operations } from '@azora/contracts'
import { type ArtifactStore, artifactsIn, type Dispatcher, type Pace, type Uploads } from '@azora/execution'
import type { Orchestrator } from '@azora/orchestrator'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { App } from '../app.ts'
import { receiving } from '../receiving.ts'
import { serve } from '../serve.ts'

export interface ArtifactRouteDeps {
  artifacts: ArtifactStore
  uploads: Uploads
  orchestrator: Pick<Orchestrator, 'show'>
  dispatcher: Pick<Dispatcher, 'performing'>
  /** How fast files have to come; as everybody is told when absent. */
  pace?: Pace
}

/** What people hand over and actions left behind: nodes bring and take it while they act, people fetch it. */
export function artifactRoutes(
  app: App,
  { artifacts, uploads, orchestrator, dispatcher, pace }: ArtifactRouteDeps,
): void {
  serve(app, operations.runs.artifact, async ({ principal, params }, reply) => {
    await orchestrator.show(principal, params.runId)
    const found = await artifacts.get({ tenant: principal.tenant, ...params })
    if (!found) throw missing(params.digest)
    // It is whatever an untrusted program wrote: nothing may take it for a page.
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${params.digest}"`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('content-length', found.bytes)
      .send(found.content)
  })
  serve(app, operations.artifacts.take, async ({ principal, params: { runId, digest } }, reply) => {
    const action = dispatcher.performing(principal.id, runId, ({ input }) => names(input, digest))
    if (!action) throw notPerforming(runId)
    const found = await uploads.take({ tenant: action.tenant, runId, digest })
    if (!found) throw missing(digest)
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', found.bytes)
      .send(found.content)
  })
  // A body of its own kind, which no other route reads.
  app.register(async (scope) => {
    const own = scope.withTypeProvider<ZodTypeProvider>()
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body))
    serve(own, operations.runs.keepArtifact, async ({ principal, params, body, headers }) => {
      const action = dispatcher.performing(principal.id, params.runId)
      if (!action) throw notPerforming(params.runId)
      const address = { tenant: action.tenant, ...params }
      await receiving(body, (content) => artifacts.put(address, content, sizeIn(headers)), pace)
      return null
    })
    serve(own, operations.artifacts.put, async ({ principal, params, body, headers }) => {
      const upload = { tenant: principal.tenant, ...params }
      await receiving(body, (content) => uploads.put(upload, content, sizeIn(headers)), pace)
      return null
    })
  })
}

function names(input: Json, digest: string): boolean {
  const named = artifactsIn(input)
  return 'digests' in named && named.digests.includes(digest)
}

function sizeIn(headers: IncomingHttpHeaders): number {
  const bytes = Number(headers['content-length'])
  if (!Number.isSafeInteger(bytes)) throw unsized()
  return bytes
}

const missing = (digest: string): AzoraError =>
  new AzoraError('missing', 'artifact_not_found', `the run has no artifact ${digest}`, {
    remedy: 'List them: azora artifact list RUN',
  })

const notPerforming = (runId: string): AzoraError =>
  new AzoraError('forbidden', 'not_performing', `this node performs nothing for run ${runId}`)

const unsized = (): AzoraError => new AzoraError('fix', 'length_required', 'an artifact needs a Content-Length')

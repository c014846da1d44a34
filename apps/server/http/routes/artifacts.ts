import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import { type Json, operations } from '@azora/contracts'
import { type ArtifactStore, artifactsIn, type Dispatcher, type Pace, type Uploads } from '@azora/execution'
import type { Orchestrator } from '@azora/orchestrator'
import type { FastifyReply } from 'fastify'
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
    return attach(reply, params.digest, found)
  })
  serve(app, operations.artifacts.list, async ({ principal }) => ({ items: await uploads.list(principal.tenant) }))
  serve(app, operations.artifacts.get, async ({ principal, params: { digest } }, reply) => {
    const found = await uploads.get({ tenant: principal.tenant, digest })
    if (!found) throw notUploaded(digest)
    return attach(reply, digest, found)
  })
  serve(app, operations.artifacts.remove, async ({ principal, params: { digest } }) => {
    if (!(await uploads.remove({ tenant: principal.tenant, digest }))) throw notUploaded(digest)
    return null
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

/** It is whatever a person or an untrusted program wrote: nothing may take it for a page. */
const attach = (
  reply: FastifyReply,
  digest: string,
  { bytes, content }: { bytes: number; content: Readable },
): FastifyReply =>
  reply
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', `attachment; filename="${digest}"`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('content-length', bytes)
    .send(content)

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

const notUploaded = (digest: string): AzoraError =>
  new AzoraError('missing', 'upload_not_found', `no file with the digest ${digest} was handed over, or it is over`)

const notPerforming = (runId: string): AzoraError =>
  new AzoraError('forbidden', 'not_performing', `this node performs nothing for run ${runId}`)

const unsized = (): AzoraError => new AzoraError('fix', 'length_required', 'an artifact needs a Content-Length')

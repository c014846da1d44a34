import type { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import { ARTIFACT_BYTES_MAX, Digest, RunId } from '@azora/contracts'
import type { ArtifactStore, Dispatcher } from '@azora/execution'
import type { Orchestrator } from '@azora/orchestrator'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from '../app.ts'

export interface ArtifactRouteDeps {
  artifacts: ArtifactStore
  orchestrator: Pick<Orchestrator, 'show'>
  dispatcher: Pick<Dispatcher, 'performing'>
}

const Params = z.strictObject({ runId: RunId, digest: Digest })

/** What actions left behind: nodes bring it while they act, people fetch it. */
export function artifactRoutes(app: App, { artifacts, orchestrator, dispatcher }: ArtifactRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:runId/artifacts/:digest',
    config: { access: ['owner', 'reviewer'] },
    schema: { summary: 'One artifact of a run, byte for byte; check its digest', params: Params },
    handler: async ({ principal, params }, reply) => {
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
    },
  })
  // A body of its own kind, which no other route reads.
  app.register(async (scope) => {
    const own = scope.withTypeProvider<ZodTypeProvider>()
    own.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body))
    own.route({
      method: 'PUT',
      url: '/api/v1/runs/:runId/artifacts/:digest',
      bodyLimit: ARTIFACT_BYTES_MAX,
      config: { access: 'node' },
      schema: { hide: true, params: Params },
      handler: async ({ principal, params, body, headers }, reply) => {
        const action = dispatcher.performing(principal.id, params.runId)
        if (!action) throw notPerforming(params.runId)
        const bytes = Number(headers['content-length'])
        if (!Number.isSafeInteger(bytes)) throw unsized()
        await artifacts.put({ tenant: action.tenant, ...params }, body as Readable, bytes)
        return reply.code(204).send()
      },
    })
  })
}

const missing = (digest: string): AzoraError =>
  new AzoraError('missing', 'artifact_not_found', `the run has no artifact ${digest}`, {
    remedy: 'List them: azora artifact list RUN',
  })

const notPerforming = (runId: string): AzoraError =>
  new AzoraError('forbidden', 'not_performing', `this node performs nothing for run ${runId}`)

const unsized = (): AzoraError => new AzoraError('fix', 'length_required', 'an artifact needs a Content-Length')

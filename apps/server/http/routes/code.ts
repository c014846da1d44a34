import { AzoraError } from '@azora/base'
import { operations } from '@azora/contracts'
import type { CodeStore, Dispatcher } from '@azora/execution'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

export interface CodeRouteDeps {
  code: Pick<CodeStore, 'read'>
  dispatcher: Pick<Dispatcher, 'performing'>
}

/** Code that a run in flight needs and a node's catalogue has no more, for the node that performs an action with it. */
export function codeRoutes(app: App, { code, dispatcher }: CodeRouteDeps): void {
  serve(app, operations.artifacts.code, async ({ principal, params: { runId, digest } }, reply) => {
    const action = dispatcher.performing(principal.id, runId, ({ codeDigest }) => codeDigest === digest)
    if (!action)
      throw new AzoraError('forbidden', 'not_performing', `this node performs nothing for run ${runId} with that code`)
    const text = await code.read(digest)
    if (text !== undefined) return reply.header('content-type', 'application/octet-stream').send(Buffer.from(text))
    throw new AzoraError('missing', 'code_not_found', `no code ${digest} is kept`, {
      remedy: 'Put it back in the catalogue, and start the server again.',
    })
  })
}

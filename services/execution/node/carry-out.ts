import type { Failure, NodeOutput, Outcome, PerformRequest } from '@azora/contracts'
import type { FindCode } from '../code/find.ts'
import type { FetchArtifact } from './fetch-artifact.ts'
import { holdInputs } from './inputs.ts'
import { type PerformDeps, performAction } from './perform.ts'
import { holdResources } from './resources.ts'
import type { LeaseClient } from './secrets/client.ts'

/** What a permitted request may say and ask over the connection that it came by. */
export interface Conversation {
  /** Called now and then with what it prints. */
  show(stream: NodeOutput['stream'], text: string): void
  leases: Pick<LeaseClient, 'ask'>
}

/** Carries out a request whose proof was checked and spent. Answers how it ended, or why it was not even tried. */
export type CarryOut = (
  request: PerformRequest,
  signal: AbortSignal,
  conversation: Conversation,
) => Promise<Outcome | { flaw: Failure } | { refusal: Failure }>

export function createCarryOut(deps: PerformDeps & { findCode: FindCode; fetch: FetchArtifact }): CarryOut {
  return async (request, signal, { show, leases }) => {
    const { action, entrypoint } = request
    const found = await deps.findCode(entrypoint, action.codeDigest, { runId: action.runId, signal })
    if ('refusal' in found) return found
    const held = await holdResources(action.resources, deps.dataDir)
    if ('flaw' in held) return held
    try {
      const inputs = await holdInputs(deps, action, signal)
      if ('flaw' in inputs) return inputs
      try {
        const secrets = await leases.ask(request, signal)
        if (secrets && 'flaw' in secrets) return secrets
        return await performAction(deps, request, found, { ...held, inputs: inputs.files, secrets }, signal, show)
      } finally {
        await inputs.release()
      }
    } finally {
      await held.release()
    }
  }
}

import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentModule } from '@azora/contracts'
import { codeDigestOf } from '../code-digest.ts'
import { keepDraft } from './draft.ts'
import { type AgentHost, type AgentHostDeps, createAgentHost } from './host.ts'

/** Agents' code in processes that serve nobody else: no run in service shares them. */
export interface OwnAgents {
  /**
   * Names the code that would be run for a digest: that one where it is in the catalogue or kept, or else what lies behind the
   * entry point now. Undefined when it is gone.
   */
  codeDigest(entrypoint: string, wanted: string): Promise<string | undefined>
  /**
   * Close what it answers.
   *
   * @param module the only agent that there is, instead of those of the catalogue
   */
  open(module?: AgentModule): Promise<AgentHost>
}

export function createOwnAgents(deps: Omit<AgentHostDeps, 'folder'>): OwnAgents {
  const root = realpathSync(deps.projectRoot)
  return {
    async codeDigest(entrypoint, wanted) {
      const found = await deps.findCode(entrypoint, wanted, { runId: '', signal: new AbortController().signal })
      return 'path' in found ? wanted : codeDigestOf(join(root, 'catalog'), entrypoint)
    },
    async open(module) {
      if (!module) return createAgentHost(deps)
      const draft = await keepDraft(module, root)
      const host = createAgentHost({ ...deps, folder: draft.folder })
      return {
        ...host,
        async close() {
          await host.close()
          await draft.remove()
        },
      }
    },
  }
}

import type { Log } from '@azora/base'
import type { Constitution } from '@azora/constitution'
import { createOwnAgents, type FindCode, type Isolation } from '@azora/execution'
import type { Journal } from '@azora/journal'
import { createReplayer, type Laws, type Orchestrator, type Replayer } from '@azora/orchestrator'
import type { Registry } from '@azora/skills'

export interface ReplayerParts {
  journal: Journal
  registry: Registry
  constitution: Constitution
  orchestrator: Orchestrator
  isolation: Isolation
  findCode: FindCode
  projectRoot: string
  log: Log
}

/** Wires replays to what they read, and to agents of their own. */
export const openReplayer = (parts: ReplayerParts): Replayer =>
  createReplayer({
    journal: parts.journal,
    registry: parts.registry,
    laws: lawsOf(parts.constitution),
    agents: createOwnAgents({
      isolation: parts.isolation,
      findCode: parts.findCode,
      projectRoot: parts.projectRoot,
      log: parts.log,
    }),
    list: (caller, query) => parts.orchestrator.list(caller, query),
    log: parts.log,
  })

const lawsOf = (constitution: Pick<Constitution, 'gateOf' | 'gateIn' | 'versions'>): Laws => ({
  byDigest: (digest) => constitution.gateOf(digest),
  draft: async (files) => constitution.gateIn(files),
  async inForceAt(time) {
    const versions = await constitution.versions()
    return versions.find(({ since }) => Date.parse(since) <= Date.parse(time))?.digest
  },
})

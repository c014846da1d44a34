import { silentLog } from '@azora/base'
import { RUN_START_SKILL } from '@azora/contracts'
import type { CodeStore } from '@azora/execution'
import type { Journal } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { openRegistry, type Registry } from '@azora/skills'
import { keepCode, sweepCode } from '../../../apps/server/keeping-code.ts'
import type { Ask } from '../database/link.ts'
import { manifestStore } from '../database/manifest-store.ts'
import type { Tables } from '../database/tables.ts'
import { FIRST, RELEASES, type Release } from './releases.ts'

/** Where servers find skills and agents. It outlives them. */
export interface Catalog {
  /** What a server does with it before it takes up runs. */
  open(journal: Journal, ask: Ask): Promise<Registry>
  /** What it does afterwards: code that no run needs goes. */
  sweep(registry: Registry, orchestrator: Orchestrator): Promise<void>
  hasCode(digest: string): boolean
  /** The next server finds something else. */
  install(release: Release): void
}

/** It was all on record before the log began. */
const BEFORE_ALL = { header: { index: -1 } }

/** One that never changes. What is in its real registry is the same for every server, so one serves them all. */
export async function createCatalog(): Promise<Catalog> {
  const kept = new Map<string, string>()
  const registry = await openRegistry(
    { journal: { append: async () => BEFORE_ALL as never, scan: async () => [] }, log: silentLog },
    {
      async keep({ kind, id, version }, digest) {
        kept.set(`${kind}:${id}@${version}`, digest)
        return digest
      },
      all: async () => [],
      read: async () => undefined,
    },
  )
  await registry.register({ skills: [...FIRST.skills, RUN_START_SKILL], agents: FIRST.agents })
  return { open: async () => registry, sweep: async () => {}, hasCode: () => true, install: () => {} }
}

/** One in which other versions are installed from time to time, and each server opens a registry of its own. */
export function createChangingCatalog(tables: Tables): Catalog {
  let installed = RELEASES[0]
  const kept = new Set<string>()
  const code: CodeStore = {
    keep: async (_, digest) => void kept.add(digest),
    read: async () => undefined,
    async sweep(isNeeded) {
      const gone = [...kept].filter((digest) => !isNeeded(digest))
      for (const digest of gone) kept.delete(digest)
      return gone
    },
  }
  const isInstalled = (digest: string): boolean =>
    [...installed.skills, ...installed.agents].some(({ codeDigest }) => codeDigest === digest)
  return {
    async open(journal, ask) {
      const registry = await openRegistry({ journal, log: silentLog }, manifestStore(tables, ask))
      const { skills, agents } = await keepCode(code, installed, silentLog)
      await registry.register({ skills: [...skills, RUN_START_SKILL], agents })
      return registry
    },
    sweep: (registry, orchestrator) => sweepCode(code, registry, orchestrator, silentLog),
    hasCode: (digest) => kept.has(digest) || isInstalled(digest),
    install(release) {
      installed = release
    },
  }
}

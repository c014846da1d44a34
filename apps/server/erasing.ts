import type { Clock, KeyWrap, Log } from '@azora/base'
import { dataClassOf } from '@azora/contracts'
import { createErasures, createRetention, type Erasures, type Retention } from '@azora/erasure'
import type { ArtifactStore } from '@azora/execution'
import type { Journal, PayloadEncryption } from '@azora/journal'
import type { Orchestrator } from '@azora/orchestrator'
import { leftoversOf } from './local/leftovers.ts'

export interface ErasingDeps {
  journal: Journal
  orchestrator: Pick<Orchestrator, 'forget'>
  artifacts: ArtifactStore
  dataDir: string
  clock: Clock
  log: Log
}

export interface Erasing {
  erasures: Erasures
  retention: Retention
  stop(): Promise<void>
}

/** Erasure with everything that keeps something of a payload. */
export async function openErasing({ orchestrator, artifacts, dataDir, ...deps }: ErasingDeps): Promise<Erasing> {
  const derived = [{ name: 'the list of runs', forget: orchestrator.forget }, ...leftoversOf(dataDir, artifacts)]
  const erasures = createErasures({ ...deps, derived })
  const retention = await createRetention({ ...deps, worker: erasures.worker })
  return {
    erasures,
    retention,
    async stop() {
      await Promise.all([retention.stop(), erasures.stop()])
    },
  }
}

/** What may be erased is what may be private; the rest is what the system works by. */
export const encryptionWith = (keyWrap: KeyWrap, on: boolean): PayloadEncryption => ({
  keyWrap,
  on,
  covers: (kind) => dataClassOf(kind) !== undefined,
})

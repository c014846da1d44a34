import type { ConstitutionFiles } from '@azora/contracts'
import { enact, type Gate, lawFilesOf } from '@azora/law'
import { digestIn, type InForce } from './in-force.ts'
import type { VersionStore } from './store/versions.ts'

export interface GatesDeps {
  inForce(): InForce
  store: Pick<VersionStore, 'read'>
  /** Selects the layers that hold in it. */
  environment?: string | undefined
}

/** Laws that were used last stay at hand. */
const KEPT_MAX = 4

/** Gates of laws that need not be in force: what they say counts for nothing but a comparison. */
export function createGates({ inForce, store, environment }: GatesDeps) {
  /** In the order of their last use. */
  const known = new Map<string, Gate>()

  async function enacted(digest: string): Promise<Gate | undefined> {
    const files = await store.read(digest)
    if (!files) return undefined
    try {
      return enact(lawFilesOf(files), environment)
    } catch {
      // It was refused when it was activated, or a newer version of the judge doesn't take it.
      return undefined
    }
  }

  return {
    async gateOf(digest: string): Promise<Gate | undefined> {
      if (digest === digestIn(inForce()) && inForce().problem === undefined) return inForce().gate
      const gate = known.get(digest) ?? (await enacted(digest))
      known.delete(digest)
      if (!gate) return undefined
      known.set(digest, gate)
      const [oldest] = known.keys()
      if (known.size > KEPT_MAX && oldest !== undefined) known.delete(oldest)
      return gate
    },
    gateIn(files: ConstitutionFiles): { digest: string; gate: Gate } {
      const { digest, law: _law, articles: _articles, ...gate } = enact(lawFilesOf(files), environment)
      return { digest, gate }
    },
  }
}

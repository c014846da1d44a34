import { type Log, toAzoraError } from '@azora/base'
import { DETECTORS } from './detectors/list.ts'
import { createShutGate, type Gate } from './gate/gate.ts'
import { createLayeredGate } from './gate/layered.ts'
import type { Article } from './law/article.ts'
import { digestOfLaw } from './law/digest.ts'
import { type LawFile, readLaw } from './law/files.ts'
import { compileLaw, type Law } from './law/law.ts'
import { readLayers } from './law/layer.ts'

/** The law in force, and the gate that applies it. */
export interface Constitution extends Gate {
  /** SHA-256 over the canonical JSON of the names and contents of the law's files, in hexadecimal. */
  readonly digest: string
  readonly articles: readonly Article[]
  /** Why everything is denied, when there is no valid law. */
  readonly problem?: string
}

/** A constitution with the law that it was made from. */
export interface EnactedConstitution extends Constitution {
  readonly law: Law
}

export interface OpenLawDeps {
  /** Path of the folder with `articles/*.cedar`, `schema.cedarschema` and `thresholds.json`. */
  folder: string
  log: Log
}

/** Reads the law once. Doesn't throw for a missing or broken one: what it returns then denies everything and says why. */
export async function openLaw({ folder, log }: OpenLawDeps): Promise<Constitution> {
  let files: LawFile[] = []
  try {
    files = await readLaw(folder)
    return enact(files)
  } catch (thrown) {
    const problem = toAzoraError(thrown).message
    log.error({ folder, problem }, 'no valid constitution: everything will be denied')
    const digest = digestOfLaw(files)
    return { ...createShutGate(digest, problem), digest, articles: [], problem }
  }
}

/**
 * Throws `law_invalid`.
 *
 * @param environment selects the layers of the law that hold in it, such as `classroom`
 */
export function enact(files: readonly LawFile[], environment?: string): EnactedConstitution {
  const law = compileLaw(files)
  const gate = createLayeredGate({ law, layers: readLayers(files, law), environment, detectors: DETECTORS })
  return { ...gate, law, digest: law.digest, articles: law.policies.map(({ text: _, ...article }) => article) }
}

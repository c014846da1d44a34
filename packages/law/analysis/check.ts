import { DETECTORS, type Detectors } from '../detectors/list.ts'
import type { LawFile } from '../law/files.ts'
import { lawFilesOf } from '../law/folder.ts'
import { compileLaw } from '../law/law.ts'
import { coherence } from './coherence.ts'
import { conditionsOf } from './conditions.ts'
import { documents } from './documents.ts'
import type { LawFinding } from './finding.ts'
import { thresholdFindings } from './thresholds.ts'
import { readVocabulary } from './vocabulary.ts'
import { worldsOf } from './worlds.ts'

/** What is questionable about a valid law, of all the files of its folder. Throws `law_invalid` and `cases_invalid`. */
export function checkLaw(files: readonly LawFile[], detectors: Detectors = DETECTORS): LawFinding[] {
  const law = compileLaw(lawFilesOf(files))
  const vocabulary = readVocabulary(law.schema)
  const policies = conditionsOf(files, vocabulary)
  return [
    ...coherence(policies, worldsOf(vocabulary, detectors), detectors),
    ...documents(files, policies),
    ...thresholdFindings(law.thresholds),
  ]
}

import type { Case, CaseSet } from '../cases/read.ts'
import { readCases } from '../cases/read.ts'
import { type Constitution, enact } from '../constitution.ts'
import type { Detectors } from '../detectors/list.ts'
import type { LawFile } from '../law/files.ts'
import { EXPLANATION, lawFilesOf } from '../law/folder.ts'
import { compileLaw, type Law } from '../law/law.ts'
import { type Conditions, conditionsOf } from './conditions.ts'
import { sectionsOf } from './sections.ts'
import type { Term } from './term.ts'
import { readVocabulary } from './vocabulary.ts'
import { inWorld, worldsOf } from './worlds.ts'

/** What the texts of one version of a law say. */
export interface LawTexts {
  law: Law
  policies: ReadonlyMap<string, ComparedPolicy>
}

/** One version of a constitution, read for comparing it with another. */
export interface LawVersion extends LawTexts {
  gate: Constitution
  cases: CaseSet
  /** Texts of the sections of `CONSTITUTION.md` by their article. */
  sections: ReadonlyMap<string, string>
}

export interface ComparedPolicy extends Conditions {
  /** Every way in which it can apply; undefined when it has too many cases. */
  reach: readonly Term[] | undefined
}

/** Of the files that decide. Throws `law_invalid`. */
export function readTexts(files: readonly LawFile[], detectors: Detectors): LawTexts {
  const law = compileLaw(files)
  const vocabulary = readVocabulary(law.schema)
  const worlds = worldsOf(vocabulary, detectors)
  const policies = conditionsOf(files, vocabulary).map((policy): [string, ComparedPolicy] => {
    const reach = policy.terms && worlds.flatMap((world) => policy.terms?.flatMap((term) => inWorld(term, world)) ?? [])
    return [policy.policy.rule, { ...policy, reach }]
  })
  return { law, policies: new Map(policies) }
}

/** Of all the files of a constitution's folder. Throws `law_invalid` and `cases_invalid`. */
export function readVersion(files: readonly LawFile[], detectors: Detectors): LawVersion {
  const own = lawFilesOf(files)
  const prose = files.find(({ name }) => name === EXPLANATION)?.text ?? ''
  return {
    ...readTexts(own, detectors),
    gate: enact(own),
    cases: readCases(files),
    sections: new Map(sectionsOf(prose).map(({ article, text }) => [article, text])),
  }
}

/** A case by its place: its article and name. */
export interface PlacedCase {
  key: string
  article: string
  file: string
  example: Case
}

export const casesOf = ({ cases }: LawVersion): PlacedCase[] =>
  cases.files.flatMap(({ article, file, cases: own }) =>
    own.map((example) => ({ key: `${article}: ${example.name}`, article, file, example })),
  )

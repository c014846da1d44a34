import {
  type ConstitutionStatement,
  ENTRY_PAYLOADS,
  type PartiesStatement,
  type RunStatement,
  type Subject,
} from '@azora/contracts'
import { digestOf, sha256Hex } from '@azora/proof/verify'

const subject = (name: string, sha256: string): Subject => ({ name, digest: { sha256 } })

/** What the statement about a run is about: the run by the headers of its entries, and what it put out. */
export function runSubjects({ runId, entries }: RunStatement['predicate']): Subject[] {
  const headers = entries.map(({ entry }) => entry.header)
  return [
    subject(`run:${runId}`, digestOf(headers)),
    ...entries.flatMap(({ entry: { header, payload } }): Subject[] => {
      if (header.kind === 'run.validated' && payload) return [subject('output', digestOf(payload.outputs ?? null))]
      const parsed = header.kind === 'action.finished' ? ENTRY_PAYLOADS[header.kind].safeParse(payload) : undefined
      if (!parsed?.success) return []
      const { stepId, outcome } = parsed.data
      const { outputDigest, artifacts = [] } = outcome
      return [
        ...(outputDigest === undefined ? [] : [subject(`output of ${stepId}`, outputDigest)]),
        ...artifacts.map(({ name, digest }) => subject(`artifact of ${stepId}: ${name}`, digest)),
      ]
    }),
  ]
}

/** What the statement about a constitution is about: the law, and each of its files. */
export const constitutionSubjects = ({ constitution, files }: ConstitutionStatement['predicate']): Subject[] => [
  subject('constitution', constitution),
  ...files.map(({ name, text }) => subject(name, sha256Hex(text))),
]

/** What the statement about people and code is about: entries by their headers, and manifests. */
export const partiesSubjects = ({ principals, skills, agents }: PartiesStatement['predicate']): Subject[] => [
  ...principals.map(({ entry: { header } }) => subject(`entry ${header.index}`, digestOf(header))),
  ...[...skills, ...agents].map(({ registered: { entry }, manifest }) =>
    subject(`manifest of entry ${entry.header.index}`, digestOf(manifest)),
  ),
]

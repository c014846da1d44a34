import type {
  ConstitutionStatement,
  DsseEnvelope,
  EvidenceStatement,
  PartiesStatement,
  RunStatement,
} from '@azora/contracts'
import { canonical } from '@azora/proof/verify'
import { constitutionSubjects, partiesSubjects, runSubjects } from './subjects.ts'

/** Everything that a bundle is made of. */
export interface EvidenceParts {
  run: Omit<RunStatement['predicate'], 'parts' | 'checkpoint'>
  checkpoint: string
  constitutions: ReadonlyArray<Omit<ConstitutionStatement['predicate'], 'checkpoint'>>
  parties: Omit<PartiesStatement['predicate'], 'checkpoint'>
}

/** Signs a statement with the key of the journal. */
export type Sign = (statement: EvidenceStatement) => { envelope: DsseEnvelope; digest: string }

const STATEMENT = 'https://in-toto.io/Statement/v1'

/** The lines of a bundle, without their line breaks: the run first, as it names the others. */
export function makeEvidence({ run, checkpoint, constitutions, parties }: EvidenceParts, sign: Sign): string[] {
  const others: EvidenceStatement[] = constitutions.map((constitution) => {
    const predicate = { ...constitution, checkpoint }
    const predicateType = 'https://azora.dev/evidence/constitution/v1'
    return { _type: STATEMENT, subject: constitutionSubjects(predicate), predicateType, predicate }
  })
  const predicate = { ...parties, checkpoint }
  const subject = partiesSubjects(predicate)
  // A statement about nothing is none.
  if (subject.length > 0)
    others.push({ _type: STATEMENT, subject, predicateType: 'https://azora.dev/evidence/parties/v1', predicate })
  const signed = others.map(sign)
  const told = { ...run, checkpoint, parts: signed.map(({ digest }) => digest) }
  const first = sign({
    _type: STATEMENT,
    subject: runSubjects(told),
    predicateType: 'https://azora.dev/evidence/run/v1',
    predicate: told,
  })
  return [first, ...signed].map(({ envelope }) => canonical(envelope))
}

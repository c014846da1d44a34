import type { ProvenEntry } from '@azora/contracts'
import { type Checkpoint, type CosignedCheckpoint, flawInEntry, parseVerifier } from '@azora/proof/verify'
import { flawsInCode } from './checks/code.ts'
import { checkConstitutions } from './checks/constitution.ts'
import { checkErasures } from './checks/erasures.ts'
import { flawInLifecycle, flawInOrder } from './checks/order.ts'
import { flawsInOutputs, flawsInSubjects } from './checks/outputs.ts'
import { checkPermissions } from './checks/permissions.ts'
import { checkReviews } from './checks/reviews.ts'
import { flawInStatements } from './checks/statements.ts'
import { checkTakenOver } from './checks/taken-over.ts'
import {
  checkCheckpoint,
  flawInChain,
  flawInTrust,
  flawInWitnesses,
  seenBy,
  type Witnessed,
  witnessesOf,
} from './checks/trust.ts'
import { flawInSignature } from './dsse.ts'
import { type Check, checkOf, type Flaw } from './flaw.ts'
import { type Quorum, readOptions, type Trust, type VerifyOptions } from './options.ts'
import { type People, readPeople } from './people.ts'
import { type Bundle, NoBundleError, readBundle } from './read.ts'
import { readStory, type Story } from './story.ts'

/** What came out of checking a bundle. */
export interface EvidenceReport {
  /** True when every check holds. What they don't cover is in `notProved`. */
  verified: boolean
  checks: Check[]
  /** What the bundle can't prove to a reader who knows no more than was given. */
  notProved: string[]
  /** What the evidence is about; absent when the file is no bundle. */
  about?: EvidenceSummary
}

export interface EvidenceSummary {
  runId: string
  /** Log and size of the checkpoint. */
  checkpoint: string
  journalKey: string
  entries: number
  /** The server's time of the first and of the last entry. */
  from: string
  to: string
  /** Witnesses that are known here and had seen all of it at a time. */
  witnessed: Witnessed[]
  /** Entries whose payload was erased. */
  erased: number[]
}

/**
 * Checks a run's evidence, offline and strictly. Never throws for what the bytes hold.
 *
 * @param bytes an in-toto bundle as `azora run evidence` writes it
 * @throws OptionError for a key that is none
 */
export function verifyEvidence(bytes: Uint8Array, options: VerifyOptions = {}): EvidenceReport {
  const trust = readOptions(options)
  try {
    return checkBundle(readBundle(bytes), trust)
  } catch (thrown) {
    if (!(thrown instanceof NoBundleError)) throw thrown
    const form = checkOf('form', 'the file is an evidence bundle', [thrown.message])
    return { verified: false, checks: [form], notProved: [] }
  }
}

function checkBundle(bundle: Bundle, trust: Trust): EvidenceReport {
  const { runId, entries, journal } = bundle.run.statement.predicate
  const records = entries.map(({ entry }) => entry)
  const { story, flaws: formFlaws } = readStory(runId, records)
  const origin = checkOrigin(bundle, trust)
  const people = readPeople(bundle.parties?.statement.predicate.principals ?? [])
  const erasures = checkErasures(records, bundle.run.statement.predicate.erasures, people)
  const taken = checkTakenOver(story)
  const checks = [
    checkOf('form', `the file is a bundle of ${bundle.lines.length} statements in their one canonical form`, []),
    ...origin.checks,
    checkOf('order', 'every entry of the run is there, in order', [flawInOrder(runId, entries)]),
    checkOf('lifecycle', 'every state follows the lifecycle', [flawInLifecycle(entries)]),
    checkOf('payloads', erasures.what, [...formFlaws, ...erasures.flaws]),
    ...checkContent(bundle, story, people, trust),
    ...taken.checks,
  ]
  const [first, last] = [records[0]?.header, records.at(-1)?.header]
  return {
    verified: checks.every(({ ok }) => ok),
    checks,
    notProved: [...origin.notProved, ...notProvedOf(trust), ...taken.notProved],
    about: {
      runId,
      checkpoint: origin.checkpoint,
      journalKey: journal.key,
      entries: records.length,
      from: first?.at ?? '',
      to: last?.at ?? '',
      witnessed: origin.witnessed,
      erased: [...story.erased],
    },
  }
}

interface OriginFindings {
  checks: Check[]
  notProved: string[]
  witnessed: Witnessed[]
  /** `azora/main, 1042 entries`; empty when it could not be opened. */
  checkpoint: string
}

/** Whose the bundle is, and whether the log holds what it says. */
function checkOrigin(bundle: Bundle, trust: Trust): OriginFindings {
  const { journal, checkpoint: note, entries } = bundle.run.statement.predicate
  const verifier = parseVerifier(journal.key)
  const found = checkCheckpoint(note, journal.key, trust.quorum?.keys ?? [])
  const signatures = bundle.lines.map(({ envelope, body }, at): Flaw => {
    const flaw = verifier ? flawInSignature(envelope, body, verifier) : `is signed by ${journal.key}, which is no key`
    return flaw && `line ${at + 1} ${flaw}`
  })
  const { checkpoint } = found.opened ?? {}
  const witnessed = found.opened ? witnessesOf(found.opened) : []
  const proven = provenIn(bundle)
  const checks = [
    checkOf(
      'signatures',
      `each of the ${bundle.lines.length} statements is signed by the journal key (DSSE)`,
      signatures,
    ),
    checkOf('journal_key', keyCheckOf(journal.chain.length, trust), [
      flawInChain(journal),
      trust.journal && flawInTrust(journal, trust.journal),
    ]),
    checkOf('checkpoint', `the checkpoint of ${checkpoint?.size ?? '?'} entries is signed by the journal key`, [
      found.flaw,
      ...otherCheckpoints(bundle),
    ]),
    ...(trust.quorum ? [witnessCheck(found.opened, trust.quorum, entries.at(-1)?.entry.header.at ?? '')] : []),
    checkOf('statements', 'no statement is missing, added or moved', [flawInStatements(bundle)]),
    checkOf(
      'inclusion',
      `all ${proven.length} entries are in the log and unaltered`,
      inclusionFlaws(proven, checkpoint),
    ),
  ]
  const notProved =
    found.unknown > 0 ? [`${found.unknown} signatures below the checkpoint are of keys that were not given`] : []
  return {
    checks,
    notProved,
    witnessed,
    checkpoint: checkpoint ? `${checkpoint.origin}, ${checkpoint.size} entries` : '',
  }
}

const keyCheckOf = (links: number, { journal }: Trust): string => {
  const chain = links === 0 ? '' : `, by a chain of ${links} endorsements`
  return journal ? `the journal key is the trusted one, or follows from it${chain}` : `the journal key stands${chain}`
}

function witnessCheck(opened: CosignedCheckpoint | undefined, quorum: Quorum, lastAt: string): Check {
  const by = opened && seenBy(opened, quorum)
  const time = by === undefined ? '' : `: all of it was on record by ${by}`
  const what = `enough witnesses (${quorum.rule}) saw the log as it is here${time}`
  return checkOf('witnesses', what, [flawInWitnesses(opened, quorum, lastAt)])
}

function otherCheckpoints({ run, lines }: Bundle): Flaw[] {
  const { checkpoint } = run.statement.predicate
  return lines.map(({ statement }, at) =>
    statement.predicate.checkpoint === checkpoint ? undefined : `line ${at + 1} has another checkpoint`,
  )
}

function inclusionFlaws(proven: readonly ProvenEntry[], checkpoint: Checkpoint | undefined): Flaw[] {
  if (!checkpoint) return ['there is no checkpoint to prove them by']
  return proven.map(({ entry, inclusion }) => flawInEntry(entry, inclusion, checkpoint))
}

function provenIn({ run, constitutions, parties }: Bundle): ProvenEntry[] {
  const { entries, erasures } = run.statement.predicate
  const others = parties?.statement.predicate
  return [
    ...entries,
    ...erasures,
    ...constitutions.flatMap(({ statement }) => statement.predicate.activations),
    ...(others?.principals ?? []),
    ...[...(others?.skills ?? []), ...(others?.agents ?? [])].map(({ registered }) => registered),
  ]
}

/** Whether what the entries say was right to do. */
function checkContent(bundle: Bundle, story: Story, people: People, { ownerKeys }: Trust): Check[] {
  const parties = bundle.parties?.statement.predicate
  const permissions = checkPermissions(story)
  const law = checkConstitutions({
    story,
    statements: bundle.constitutions.map(({ statement }) => statement.predicate),
    used: permissions.used,
    ownerKeys,
  })
  const reviews = checkReviews(story, people)
  return [
    checkOf(
      'permissions',
      `every action was permitted before it acted, for exactly its arguments (${permissions.used.size} did)`,
      permissions.flaws,
    ),
    checkOf(
      'constitution',
      `all ${law.verdicts} verdicts are by a constitution in force that the owner had signed, whose files are here`,
      law.flaws,
    ),
    checkOf(
      'reviews',
      `what people had to allow was allowed by enough of them, signed for exactly that, in time (${reviews.decisions} decisions)`,
      reviews.flaws,
    ),
    checkOf('code', 'every action is of code that was on record before', flawsInCode(story, parties)),
    checkOf('outputs', 'every output has the digest that is named for it', [
      ...flawsInOutputs(story),
      ...flawsInSubjects(bundle),
    ]),
  ]
}

function notProvedOf({ journal, ownerKeys, quorum }: Trust): string[] {
  return [
    ...(journal ? [] : ["whose journal it is: the bundle vouches for its own key (give the journal's key)"]),
    ...(ownerKeys ? [] : ["whose law it is: the bundle vouches for the owner's key (give the owner's key)"]),
    ...(quorum ? [] : ['that the server shows everybody the same log: no key of a witness was given']),
    'that nothing was activated, or removed from a person, between the last of these entries and the verdict: only the whole log shows that',
    'that the verdicts are what the constitution says: that takes judging them again',
  ]
}

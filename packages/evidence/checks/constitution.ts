import { type ConstitutionStatement, OWNER_KEY_NAME, type VerificationResult } from '@azora/contracts'
import { digestOfLaw } from '@azora/law/digest'
import { isSignedBy, parseVerifier } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import { isTold, readEntry, type Story, type Told } from '../story.ts'

type Activation = Told<'constitution.activated'>

export interface LawFindings {
  flaws: Flaw[]
  /** Verifier keys that signed the activations. */
  ownerKeys: string[]
  /** How many verdicts were looked at. */
  verdicts: number
}

export interface LawDeps {
  story: Story
  statements: readonly ConstitutionStatement['predicate'][]
  /** Indexes of the verdicts on whose permission something was done. */
  used: ReadonlySet<number>
  /** Verifier keys of the owner, if the reader has some from elsewhere. */
  ownerKeys?: readonly string[] | undefined
}

/** Each verdict was made under a law that the owner had put in force, whose files are here. */
export function checkConstitutions({ story, statements, used, ownerKeys }: LawDeps): LawFindings {
  const flaws: Flaw[] = []
  const activations: Activation[] = []
  for (const statement of statements) {
    flaws.push(flawInFiles(statement))
    for (const { entry: record } of statement.activations) {
      const { entry, flaw } = readEntry(record)
      if (isTold(entry, 'constitution.activated')) {
        activations.push(entry)
        flaws.push(flawInActivation(entry, statement.constitution, ownerKeys))
      } else flaws.push(flaw ?? `entry ${entry.header.index} is no constitution.activated that can be read`)
    }
  }
  activations.sort((a, b) => a.header.index - b.header.index)
  flaws.push(flawInSequence(activations))
  const verdicts = verdictsIn(story)
  for (const verdict of verdicts) flaws.push(flawInVerdict(verdict, activations, story, used.has(verdict.index)))
  return { flaws, ownerKeys: [...new Set(activations.map(({ payload }) => payload.key))], verdicts: verdicts.length }
}

const short = (digest: string): string => `${digest.slice(0, 16)}…`

function flawInFiles({ constitution, files }: ConstitutionStatement['predicate']): Flaw {
  return digestOfLaw(files) === constitution
    ? undefined
    : `the files of the constitution ${short(constitution)} have another digest`
}

function flawInActivation(
  { header: { index }, payload }: Activation,
  constitution: string,
  ownerKeys: readonly string[] | undefined,
): Flaw {
  const { statement, signature, key, sequence, previous } = payload
  if (payload.constitution !== constitution)
    return `entry ${index} activates another constitution than the files are of`
  if (statement.constitution !== constitution || statement.sequence !== sequence || statement.previous !== previous)
    return `entry ${index} carries a statement about another activation`
  if (parseVerifier(key)?.name !== OWNER_KEY_NAME) return `entry ${index} is signed by ${key}, which is no owner's key`
  if (!isSignedBy({ statement, signature, key }, [key]))
    return `the signature of the owner in entry ${index} does not verify`
  if (ownerKeys && !ownerKeys.includes(key))
    return `entry ${index} is signed by another owner's key than the trusted one`
  return undefined
}

/** Activations follow each other without a gap, so that none between two of them is left out. */
function flawInSequence(activations: readonly Activation[]): Flaw {
  for (const [at, { header, payload }] of activations.entries()) {
    const before = activations[at - 1]
    if (!before) continue
    if (before.header.index === header.index) return `entry ${header.index} is there twice`
    if (payload.sequence !== before.payload.sequence + 1 || payload.previous !== before.payload.constitution)
      return `entry ${header.index} does not follow the activation of entry ${before.header.index}: one is missing`
  }
  return undefined
}

interface LawVerdict {
  index: number
  result: VerificationResult
}

function verdictsIn({ entries }: Story): LawVerdict[] {
  return entries.flatMap((entry): LawVerdict[] => {
    const { index } = entry.header
    if (isTold(entry, 'action.verified') || isTold(entry, 'run.validated'))
      return [{ index, result: entry.payload.result }]
    return isTold(entry, 'plan.proposed') && entry.payload.result ? [{ index, result: entry.payload.result }] : []
  })
}

/**
 * What was used has to be permitted by the law in force when it went on record. Other verdicts may be of a law that was
 * in force earlier in the run: it may change between the judgement and the record of it. Without a law everything is
 * denied, and a denial needs none.
 */
function flawInVerdict({ index, result }: LawVerdict, activations: readonly Activation[], story: Story, used: boolean) {
  const before = activations.filter(({ header }) => header.index < index)
  const inForce = before.at(-1)
  if (inForce?.payload.constitution === result.constitution) return undefined
  if (result.verdict === 'deny') return undefined
  const start = story.entries[0]?.header.index ?? 0
  const sinceStart = before.filter((_, at) => (before[at + 1]?.header.index ?? Number.POSITIVE_INFINITY) > start)
  if (!used && sinceStart.some(({ payload }) => payload.constitution === result.constitution)) return undefined
  return `entry ${index} was judged by the constitution ${short(result.constitution)}, which was not in force then`
}

import { setImmediate } from 'node:timers/promises'
import { AzoraError, toAzoraError } from '@azora/base'
import type { ActivateRequest, ConstitutionFiles } from '@azora/contracts'
import { type CaseOutcome, digestOfLaw, type Gate, lawFilesOf, readCases, runCases } from '@azora/law'
import { type Enacted, enactFiles, flawInSignature, type InForce } from './in-force.ts'

const SHOW = 'See azora constitution show, then activate again.'

/** Whether the owner said this, about the law that is in force now. Throws `signature_invalid`, `sequence_conflict`. */
export function checkStatement(request: ActivateRequest, { position }: InForce, ownerKeys: readonly string[]): void {
  const { statement, signature, key } = request
  const flaw = flawInSignature({ statement, signature, key }, ownerKeys)
  if (flaw) {
    throw new AzoraError('forbidden', 'signature_invalid', `the activation is not the owner's: ${flaw}`, {
      remedy: "Sign it with the owner's key: azora constitution activate FOLDER --key FILE",
    })
  }
  if (statement.sequence === position.sequence + 1 && statement.previous === position.digest) return
  const inForce = position.digest === null ? 'none' : `${position.digest.slice(0, 16)}…`
  throw new AzoraError(
    'conflict',
    'sequence_conflict',
    `the activation is number ${statement.sequence}, but the last was ${position.sequence} (the law ${inForce}), which it must follow`,
    { remedy: SHOW },
  )
}

/** A law that was in force before comes back only when that is said. */
export function checkRollback(
  { statement }: ActivateRequest,
  { position, problem }: InForce,
  wasInForce: boolean,
): void {
  // One whose files were damaged may be restored.
  if (statement.constitution === position.digest) {
    if (problem !== undefined) return
    throw new AzoraError('conflict', 'already_in_force', 'this law is in force already', { remedy: SHOW })
  }
  if (!wasInForce || statement.rollback) return
  throw new AzoraError('conflict', 'rollback_not_stated', 'this law was in force before and was replaced', {
    remedy: 'If that is what you want, activate it with --rollback.',
  })
}

/** Whether the files are the law that was signed. Throws `digest_mismatch`, `law_invalid`, `cases_failed`. */
export async function tryLaw(
  { statement, files }: Pick<ActivateRequest, 'statement' | 'files'>,
  environment: string | undefined,
): Promise<Enacted> {
  const digest = digestOfLaw(lawFilesOf(files))
  if (digest !== statement.constitution) {
    throw new AzoraError(
      'fix',
      'digest_mismatch',
      `the files give the law ${digest}, not ${statement.constitution}, which was signed`,
      { remedy: 'Sign the digest of the files that you send.' },
    )
  }
  const enacted = enactFiles(files, environment)
  if (!statement.withoutCases) {
    // The cases say what holds everywhere.
    const everywhere = environment === undefined ? enacted : enactFiles(files, undefined)
    await tryCases(files, everywhere.gate)
  }
  return enacted
}

const CASES_SHOWN = 20

async function tryCases(files: ConstitutionFiles, gate: Gate): Promise<void> {
  const failed = (await outcomesOf(files, gate)).filter(({ passed }) => !passed)
  if (failed.length === 0) return
  const details = failed.slice(0, CASES_SHOWN).map(({ file, name, expected, actual }) => ({
    pointer: file,
    message: `${name}: expected ${expected.verdict} (${expected.rules.join(', ')}), got ${actual.verdict} (${actual.rules.join(', ')})`,
  }))
  const [first] = failed
  const which = first ? `, the first is ${first.file}: ${first.name}` : ''
  throw casesFailed(`${failed.length} of the constitution's cases failed${which}`, details)
}

/** One file after the other, so that the law in force goes on judging meanwhile. */
async function outcomesOf(files: ConstitutionFiles, gate: Gate): Promise<CaseOutcome[]> {
  try {
    const set = readCases(files)
    const outcomes: CaseOutcome[] = []
    for (const file of set.files) {
      outcomes.push(...runCases(gate, { ...set, files: [file] }))
      await setImmediate()
    }
    return outcomes
  } catch (thrown) {
    throw casesFailed(toAzoraError(thrown).message)
  }
}

const casesFailed = (message: string, details: Array<{ pointer: string; message: string }> = []): AzoraError =>
  new AzoraError('fix', 'cases_failed', message, {
    details,
    remedy: 'Correct the law or its cases (azora constitution test), or activate it with --without-cases.',
  })

import type { VerifyOptions } from '@azora/evidence'
import { parseVerifier, parseWitnessKey, parseWitnessPolicy } from '@azora/proof'
import { usageError } from '../exit.ts'
import { fileBytes } from '../files.ts'

/** Options by which a person says whom to trust. */
export interface KeyOptions {
  trustedKey?: string
  ownerKey?: string[]
  witness?: string[]
  /** File. */
  witnessPolicy?: string
}

/**
 * The keys that were given, each checked to be one.
 *
 * @param localKey of the local journal, which serves where none was given
 */
export async function keysIn(
  { trustedKey, ownerKey, witness, witnessPolicy }: KeyOptions,
  localKey: () => Promise<string | undefined>,
): Promise<VerifyOptions> {
  if (witness && witnessPolicy !== undefined)
    throw usageError('--witness and --witness-policy exclude each other', 'Put the witness into the policy.')
  return {
    trustedKey: trustedKey === undefined ? await localKey() : await keyIn(trustedKey, 'trusted key', 'journal.vkey'),
    ownerKeys: ownerKey && (await Promise.all(ownerKey.map((given) => keyIn(given, "owner's key", 'owner.vkey')))),
    witnesses: witness && { keys: await Promise.all(witness.map(witnessIn)) },
    witnessPolicy: witnessPolicy === undefined ? undefined : await policyIn(witnessPolicy),
  }
}

export function assertNoKeyOptions({ ownerKey, witness, witnessPolicy }: KeyOptions): void {
  if (ownerKey || witness || witnessPolicy !== undefined)
    throw usageError('--owner-key, --witness and --witness-policy are about a bundle', 'Name the file of one.')
}

async function keyIn(given: string, what: string, file: string): Promise<string> {
  const key = await textIn(given)
  if (parseVerifier(key)) return key
  throw usageError(
    `the ${what} is not a verifier key`,
    `It looks like name+0a1b2c3d+base64; the server keeps it in keys/${file}.`,
  )
}

async function witnessIn(given: string): Promise<string> {
  const key = await textIn(given)
  if (parseWitnessKey(key)) return key
  throw usageError(
    'this is not the key of a witness',
    'A witness prints its key, name+0a1b2c3d+base64, when it starts.',
  )
}

async function policyIn(file: string): Promise<string> {
  const text = new TextDecoder().decode(await fileBytes(file))
  const { flaw } = parseWitnessPolicy(text)
  if (flaw === undefined) return text
  throw usageError(`the witness policy can't be read: ${flaw}`, 'Its form is https://c2sp.org/tlog-policy.')
}

const textIn = async (given: string): Promise<string> =>
  given.startsWith('@') ? new TextDecoder().decode(await fileBytes(given.slice(1))).trim() : given
